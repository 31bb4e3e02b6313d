import express from 'express';

const app = express();

app.use(express.json());

app.get('/users/:id', (request, response) => {
  response.json({ id: request.params.id });
});

app.post('/users', (request, response) => {
  response.status(201).json(request.body);
});

export default app;

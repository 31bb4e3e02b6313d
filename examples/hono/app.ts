import { Hono } from 'hono';

const app = new Hono();

app.get('/users/:id', (context) => context.json({ id: context.req.param('id') }));

export default app;

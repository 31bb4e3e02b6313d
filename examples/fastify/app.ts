import Fastify from 'fastify';

const app = Fastify();

app.get<{ Params: { id: string } }>('/users/:id', (request, reply) => reply.send({ id: request.params.id }));

export default app;

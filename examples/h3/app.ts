import { H3, getRouterParam } from 'h3';

const app = new H3();

app.get('/users/:id', (event) => ({ id: getRouterParam(event, 'id') }));

export default app;

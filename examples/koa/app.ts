import Koa from 'koa';

const app = new Koa();

app.use(async (context, next) => {
  await next();
  context.set('X-Powered-By', 'Koa');
});

app.use((context) => {
  context.body = { path: context.path };
});

export default app;

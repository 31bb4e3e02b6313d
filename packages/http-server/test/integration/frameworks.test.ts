import { createRequire } from 'node:module';
import type { RequestListener } from 'node:http';
import test from 'ava';
import { engineServer, listening, TRANSPORTS } from '../makers.ts';

const require = createRequire(import.meta.url);

function express(): RequestListener {
  const framework = require('express');
  const app = framework();
  app.use(framework.json());
  app.get('/hello/:name', (request: any, response: any) =>
    response.json({ hello: request.params.name, ip: request.ip, secure: request.secure }),
  );
  app.post('/echo', (request: any, response: any) => response.status(201).send(request.body));
  app.get('/fails', () => {
    throw new Error('on purpose');
  });
  app.use((_error: Error, _request: any, response: any, _next: unknown) =>
    response.status(500).send('failed'),
  );
  return app;
}

function koa(): RequestListener {
  const Koa = require('koa');
  const app = new Koa({ proxy: false });
  app.silent = true;
  app.use(async (context: any) => {
    if (context.path === '/fails') throw new Error('on purpose');
    if (context.path === '/echo') {
      let body = '';
      for await (const chunk of context.req) body += chunk;
      context.status = 201;
      context.body = JSON.parse(body);
      return;
    }
    context.body = { hello: context.path.split('/').at(-1), ip: context.ip, secure: context.secure };
  });
  return app.callback();
}

async function fastify(): Promise<RequestListener> {
  const app = require('fastify')();
  app.get('/hello/:name', (request: any) => ({
    hello: request.params.name,
    ip: request.ip,
    secure: request.protocol === 'https',
  }));
  app.post('/echo', (request: any, reply: any) => reply.code(201).send(request.body));
  app.get('/fails', () => {
    throw new Error('on purpose');
  });
  await app.ready();
  return (request, response) => app.routing(request, response);
}

for (const transport of TRANSPORTS) {
  for (const [name, make] of Object.entries({ Express: express, Koa: koa, Fastify: fastify })) {
    test(`${transport}: ${name} works as it is`, async (t) => {
      const port = await listening(t, engineServer(transport)({}, await make()));
      const base = `http://127.0.0.1:${port}`;
      const hello = await fetch(`${base}/hello/you`);
      t.deepEqual(await hello.json(), { hello: 'you', ip: '127.0.0.1', secure: false });
      const echo = await fetch(`${base}/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ a: 'x'.repeat(80_000) }),
      });
      t.is(echo.status, 201);
      t.is(((await echo.json()) as { a: string }).a.length, 80_000);
      t.is((await fetch(`${base}/fails`)).status, 500);
      t.is((await fetch(`${base}/hello/again`)).status, 200);
    });
  }
}

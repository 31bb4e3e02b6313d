import { createRequire } from 'node:module';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import test from 'ava';
import { serving } from '../application.ts';
import { ask, CLEARTEXT, http2Session } from '../http2-client.ts';

const require = createRequire(import.meta.url);

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

function express(): Handler {
  const framework = require('express');
  const app = framework();
  app.use(framework.json());
  app.get('/hello/:name', (request: any, response: any) =>
    response.cookie('a', 'b').json({ hello: request.params.name, ip: request.ip, host: request.hostname }),
  );
  app.post('/echo', (request: any, response: any) => response.status(201).send(request.body));
  app.get('/file', (_request: any, response: any) => response.sendFile(import.meta.filename));
  app.use((_request: any, response: any) => response.redirect('/hello/you'));
  return app;
}

function koa(): Handler {
  const Koa = require('koa');
  const app = new Koa();
  app.use(async (context: any) => {
    if (context.path === '/echo') {
      let body = '';
      for await (const chunk of context.req) body += chunk;
      context.status = 201;
      context.body = JSON.parse(body);
    } else if (context.path.startsWith('/hello')) {
      context.cookies.set('a', 'b');
      context.body = { hello: context.path.split('/').at(-1), ip: context.ip, host: context.hostname };
    } else context.redirect('/hello/you');
  });
  return app.callback();
}

async function fastify(): Promise<Handler> {
  const app = require('fastify')();
  app.get('/hello/:name', (request: any, reply: any) =>
    reply
      .header('set-cookie', 'a=b')
      .send({ hello: request.params.name, ip: request.ip, host: request.hostname.split(':')[0] }),
  );
  app.post('/echo', (request: any, reply: any) => reply.code(201).send(request.body));
  app.get('/', (_request: any, reply: any) => reply.redirect('/hello/you'));
  await app.ready();
  return (request, response) => app.routing(request, response);
}

for (const [name, make] of Object.entries({ Express: express, Koa: koa, Fastify: fastify })) {
  test(`${name} works as it is over HTTP/2`, async (t) => {
    const { origin } = await serving(t, { kind: 'node', handler: await make() }, CLEARTEXT);
    const session = http2Session(t, origin);
    const hello = await ask(session, { ':path': '/hello/you' });
    t.deepEqual(JSON.parse(hello.body), { hello: 'you', ip: '127.0.0.1', host: '127.0.0.1' });
    t.regex(String(hello.headers['set-cookie']), /^a=b/);
    const long = JSON.stringify({ a: 'x'.repeat(80_000) });
    const echo = await ask(
      session,
      { ':path': '/echo', ':method': 'POST', 'content-type': 'application/json' },
      long,
    );
    t.deepEqual([echo.status, echo.body], [201, long]);
    const away = await ask(session, { ':path': '/' });
    t.deepEqual([away.status, away.headers.location], [302, '/hello/you']);
  });
}

test('Express sends files, and answers conditional requests', async (t) => {
  const { origin } = await serving(t, { kind: 'node', handler: express() }, CLEARTEXT);
  const session = http2Session(t, origin);
  const file = await ask(session, { ':path': '/file' });
  t.true(file.body.includes('Express sends files'));
  const again = await ask(session, { ':path': '/file', 'if-none-match': file.headers.etag });
  t.deepEqual([again.status, again.body], [304, '']);
});

test('requests and responses are those of node:http, on a socket that knows the client', async (t) => {
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler(request, response) {
        t.true(request instanceof http.IncomingMessage && response instanceof http.ServerResponse);
        t.is(response.socket, request.socket);
        const { remoteAddress, remoteFamily, localAddress } = request.socket;
        t.deepEqual([remoteAddress, remoteFamily, localAddress], ['127.0.0.1', 'IPv4', '127.0.0.1']);
        t.true((request.socket.remotePort ?? 0) > 0);
        request.socket.setNoDelay().setKeepAlive().setTimeout(60_000);
        response.end(`${request.httpVersion} ${request.headers['transfer-encoding']}`);
      },
    },
    CLEARTEXT,
  );
  t.is((await ask(http2Session(t, origin), { ':method': 'POST' }, 'x')).body, '2.0 chunked');
});

test('a response that is given a timeout is told when nothing goes in or out for so long', async (t) => {
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler: (_request, response) =>
        void response.setTimeout(100).once('timeout', () => response.end('waited')),
    },
    CLEARTEXT,
  );
  t.is((await ask(http2Session(t, origin), {})).body, 'waited');
});

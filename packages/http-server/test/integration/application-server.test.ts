import type { Application, RequestInfo } from '@gunicorn-ts/interface';
import { eventually, rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { TRANSPORTS } from '../makers.ts';

const GET = 'GET /p?q=1 HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** Each answers with the method, the target and the body. */
const ECHOES: Readonly<Record<string, Application>> = {
  node: {
    kind: 'node',
    handler: async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      response.setHeader('X-Kind', 'node');
      response.end(`${request.method} ${request.url} ${body}`);
    },
  },
  fetch: {
    kind: 'fetch',
    handler: async (request) =>
      new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`, {
        headers: { 'X-Kind': 'fetch' },
      }),
  },
  wsgi: {
    kind: 'wsgi',
    handler: (environ, startResponse) => {
      const input = environ['wsgi.input'] as { read(): Uint8Array };
      const body = Buffer.from(input.read()).toString();
      startResponse('200 OK', [['X-Kind', 'wsgi']]);
      return [Buffer.from(`${String(environ['REQUEST_METHOD'])} ${String(environ['PATH_INFO'])} ${body}`)];
    },
  },
};

/** Those that are slow until they are told. */
function slow(kind: string, until: Promise<void>): Application {
  if (kind === 'node')
    return { kind, handler: (_request, response) => void until.then(() => response.end('late')) };
  if (kind === 'fetch') return { kind, handler: () => until.then(() => new Response('late')) };
  return {
    kind: 'wsgi',
    handler: (_environ, startResponse) =>
      until.then(() => {
        startResponse('200 OK', []);
        return [Buffer.from('late')];
      }),
  };
}

function failing(kind: string): Application {
  const fail = (): never => {
    throw new Error('on purpose');
  };
  return { kind, handler: fail } as Application;
}

for (const transport of TRANSPORTS) {
  for (const kind of ['node', 'fetch', 'wsgi']) {
    const name = `${transport}, ${kind}`;
    const echo = ECHOES[kind]!;

    test(`${name}: requests on one connection are answered in order, with their bodies`, async (t) => {
      const { port } = await serving(t, echo, { transport });
      const client = rawClient(t, port);
      client.send(`POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello${GET}`);
      client.send('POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
      client.send(LAST);
      const received = await client.closes();
      t.regex(received, new RegExp(`X-Kind: ${kind}`));
      const places = ['POST /1 hello', 'GET /p', 'POST /2 abc', 'GET /last'].map((text) =>
        received.indexOf(text),
      );
      t.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
      );
      t.false(places.includes(-1), received);
    });

    test(`${name}: large bodies go both ways`, async (t) => {
      const { origin } = await serving(t, echo, { transport });
      const body = 'x'.repeat(3_000_000);
      const response = await fetch(`${origin}/large`, { method: 'PUT', body });
      t.is(await response.text(), `PUT /large ${body}`);
    });

    test(`${name}: a client that waits for a word gets it`, async (t) => {
      const { port } = await serving(t, echo, { transport });
      const client = rawClient(t, port);
      client.send(
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
      );
      await client.receives('HTTP/1.1 100 Continue\r\n\r\n');
      t.regex(await client.send('hello').closes(), /POST \/ hello$/);
    });

    test(`${name}: what the application throws is a 500, and only the log knows why`, async (t) => {
      const { origin, logged, finished } = await serving(t, failing(kind), { transport, accessLog: true });
      const response = await fetch(origin);
      t.is(response.status, 500);
      t.is(await response.text(), '500 Internal Server Error\n');
      t.regex(logged[0]!.message, /Error handling request GET \/\nError: on purpose/);
      await eventually(() => finished.length === 1);
      t.is(finished[0]!.status, 500);
    });

    test(`${name}: hooks and the access log see each request`, async (t) => {
      const seen: unknown[] = [];
      const { port, finished } = await serving(t, echo, {
        transport,
        accessLog: true,
        hooks: {
          preRequest: (_worker, { method, target, remoteAddress }: RequestInfo) => {
            seen.push(`pre ${method} ${target} ${remoteAddress}`);
          },
          postRequest: (_worker, { target }, { status, bytes }) => {
            seen.push(`post ${target} ${status} ${bytes}`);
          },
        },
      });
      await rawClient(t, port).send(LAST).closes();
      await eventually(() => finished.length === 1);
      t.deepEqual(seen, ['pre GET /last 127.0.0.1', 'post /last 200 10']);
      t.like(finished[0], { method: 'GET', target: '/last', protocol: 'HTTP/1.1', status: 200, bytes: 10 });
      t.is(finished[0]!.requestHeader('Host'), 'x');
      t.is(finished[0]!.responseHeader('x-kind'), kind);
    });

    test(`${name}: a client that leaves is recorded as such`, async (t) => {
      const { port, finished, server } = await serving(t, slow(kind, new Promise(() => undefined)), {
        transport,
        accessLog: true,
      });
      const client = rawClient(t, port).send(GET);
      await eventually(() => server.inFlight().length === 1);
      t.like(server.inFlight()[0], { method: 'GET', target: '/p?q=1', peer: '127.0.0.1' });
      client.socket.resetAndDestroy();
      await eventually(() => finished.length === 1);
      t.is(finished[0]!.status, 499);
      t.deepEqual(server.inFlight(), []);
    });

    test(`${name}: a request that takes too long is answered 504`, async (t) => {
      const { port, finished, logged } = await serving(t, slow(kind, new Promise(() => undefined)), {
        transport,
        accessLog: true,
        limits: { answerMs: 40 },
      });
      t.regex(await rawClient(t, port).send(GET).closes(), /^HTTP\/1\.1 504 [^]*504 Gateway Timeout\n$/);
      await eventually(() => finished.length === 1);
      t.is(finished[0]!.status, 504);
      t.regex(logged[0]!.message, /^Request timed out after \d+\.\d s: GET \/p\?q=1$/);
    });

    test(`${name}: a drain waits for the request, and its answer says that it is the last`, async (t) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { port, server } = await serving(t, slow(kind, promise), { transport });
      const client = rawClient(t, port).send(GET);
      await eventually(() => server.inFlight().length === 1);
      const drained = server.drain(20_000);
      resolve();
      t.regex(await client.closes(), /Connection: close\r\n[^]*late$/);
      await drained;
    });

    test(`${name}: bodies that are too large, and none, are refused`, async (t) => {
      const { port, logged } = await serving(t, echo, { transport, settings: { limitRequestBody: 10 } });
      const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
      t.regex(await rawClient(t, port).send(`${chunked}14\r\n`).closes(), /^HTTP\/1\.1 413 /);
      t.regex(await rawClient(t, port).send(`${chunked}zz\r\n`).closes(), /^HTTP\/1\.1 400 /);
      const warnings = (): number => logged.filter(({ level }) => level === 'warning').length;
      await eventually(() => warnings() === 2);
      t.deepEqual(
        logged.filter(({ level }) => level !== 'warning' && level !== 'debug'),
        [],
      );
    });

    test(`${name}: a body that does not go on is given up, with one line in each log`, async (t) => {
      const { port, finished, logged } = await serving(t, echo, {
        transport,
        accessLog: true,
        limits: { bodyMs: 40 },
      });
      const client = rawClient(t, port).send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe');
      t.regex(await client.closes(), /^HTTP\/1\.1 408 /);
      await eventually(() => finished.length > 0);
      t.deepEqual(
        finished.map((record) => [record?.target, record?.status]),
        [['/', 408]],
      );
      t.is(logged.filter(({ level }) => level === 'warning').length, 1);
    });

    test(`${name}: a request that the server cuts off counts as the server says`, async (t) => {
      const { port, finished, server } = await serving(t, slow(kind, new Promise(() => undefined)), {
        transport,
        accessLog: true,
      });
      const client = rawClient(t, port).send(GET);
      await eventually(() => server.inFlight().length === 1);
      t.like(server.cutOff(500)[0], { method: 'GET', target: '/p?q=1', status: 500, bytes: 0 });
      await server.drain(0);
      t.is(await client.closes(), '');
      await eventually(() => finished.length === 1);
      t.is(finished[0]!.status, 503);
    });

    test(`${name}: as many header lines are taken as the settings allow`, async (t) => {
      const { port } = await serving(t, echo, {
        transport,
        settings: { limitRequestFields: 4000, limitRequestFieldSize: 100 },
      });
      const lines = Array.from({ length: 3000 }, (_, index) => `X-${index}: 1\r\n`).join('');
      const client = rawClient(t, port).send(LAST.replace('Host', `${lines}Host`));
      t.regex(await client.closes(), /^HTTP\/1\.1 200 /);
    });

    test(`${name}: a client that sends all of a body before it reads gets the refusal`, async (t) => {
      const { port } = await serving(t, echo, { transport, settings: { limitRequestBody: 10 } });
      const size = 20 * 1024 * 1024;
      const client = rawClient(t, port);
      client.socket.pause();
      client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`);
      await new Promise((sent) => client.socket.write(Buffer.alloc(size), sent));
      client.socket.resume();
      t.regex(await client.closes(), /^HTTP\/1\.1 413 /);
      t.is(client.error, undefined);
    });
  }
}

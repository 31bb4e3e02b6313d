import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Application, RequestInfo } from '@gunicorn-ts/interface';
import { eventually } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { answerOf, ask, CLEARTEXT, cleartext, http2Session } from '../http2-client.ts';
import { TRANSPORTS } from '../makers.ts';

/** Each answers with the method, the target, the host and the body. */
const ECHOES: Readonly<Record<string, Application>> = {
  node: {
    kind: 'node',
    handler: async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      response.setHeader('X-Kind', 'node');
      response.end(`${request.method} ${request.url} ${request.headers.host} ${body}`);
    },
  },
  fetch: {
    kind: 'fetch',
    handler: async (request) => {
      const { pathname, search, host } = new URL(request.url);
      const text = `${request.method} ${pathname}${search} ${host} ${await request.text()}`;
      return new Response(text, { headers: { 'X-Kind': 'fetch' } });
    },
  },
  wsgi: {
    kind: 'wsgi',
    handler: (environ, startResponse) => {
      const input = environ['wsgi.input'] as { read(): Uint8Array };
      const body = Buffer.from(input.read()).toString();
      const { REQUEST_METHOD, PATH_INFO, QUERY_STRING, HTTP_HOST } = environ as Record<string, string>;
      startResponse('200 OK', [['X-Kind', 'wsgi']]);
      return [Buffer.from(`${REQUEST_METHOD} ${PATH_INFO}?${QUERY_STRING} ${HTTP_HOST} ${body}`)];
    },
  },
};

for (const transport of TRANSPORTS) {
  for (const [kind, application] of Object.entries(ECHOES)) {
    test(`${transport}, ${kind}: requests of one connection are served side by side, with and without a body`, async (t) => {
      const { port, origin, server } = await serving(t, application, { ...CLEARTEXT, transport });
      const session = http2Session(t, origin);
      const asked = [
        ask(session, { ':path': '/p?q=1' }),
        ask(session, { ':path': '/p?q=2', ':method': 'POST' }, 'body'),
        ask(session, { ':path': '/p?q=3', ':method': 'PUT', 'content-length': '4' }, 'more'),
        ask(session, { ':path': '/p?q=4', ':method': 'POST' }, 'x'.repeat(300_000)),
      ];
      const answers = await Promise.all(asked);
      t.deepEqual(
        answers.map(({ status, headers, body, code }) => [
          status,
          headers['x-kind'],
          body.slice(0, 60),
          code,
        ]),
        [
          [200, kind, `GET /p?q=1 127.0.0.1:${port} `, 0],
          [200, kind, `POST /p?q=2 127.0.0.1:${port} body`, 0],
          [200, kind, `PUT /p?q=3 127.0.0.1:${port} more`, 0],
          [200, kind, `POST /p?q=4 127.0.0.1:${port} ${'x'.repeat(300_000)}`.slice(0, 60), 0],
        ],
      );
      t.is(answers[3]?.body.length, `POST /p?q=4 127.0.0.1:${port} `.length + 300_000);
      // The connection itself, which is kept.
      await eventually(() => server.engine.connections.size === 1);
    });

    test(`${transport}, ${kind}: HEAD has the head of GET, and no body`, async (t) => {
      const { origin } = await serving(t, application, { ...CLEARTEXT, transport });
      const { status, headers, body } = await ask(http2Session(t, origin), {
        ':path': '/',
        ':method': 'HEAD',
      });
      t.deepEqual([status, headers['x-kind'], body], [200, kind, '']);
    });
  }
}

test('fields that speak of one connection are left out, cookies keep their lines, and others are joined', async (t) => {
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler(request, response) {
        response.setHeader('Connection', 'close');
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        response.setHeader('X-Two', ['1', '2']);
        response.end(`${request.httpVersion} ${request.headers.cookie}`);
      },
    },
    CLEARTEXT,
  );
  const session = http2Session(t, origin);
  const { headers, body } = await ask(session, { cookie: ['c=3', 'd=4'] });
  t.is(body, '2.0 c=3; d=4');
  t.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
  t.is(headers['x-two'], '1, 2');
  t.is(headers.connection, undefined);
  t.is((await ask(session, {})).status, 200);
});

test('a 103, trailers of a response and trailers of a request arrive', async (t) => {
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler(request, response) {
        response.writeEarlyHints({ link: '</a.css>; rel=preload' });
        request.resume().on('end', () => {
          response.writeHead(200, { Trailer: 'X-Sum' });
          response.write('one');
          response.addTrailers({ 'X-Sum': String(request.trailers['x-said']) });
          response.end('two');
        });
      },
    },
    CLEARTEXT,
  );
  const session = http2Session(t, origin);
  const stream = session.request({ ':method': 'POST' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-said': 'so' }));
  stream.end('body');
  const { body, trailers, informational } = await answerOf(stream);
  t.is(body, 'onetwo');
  t.is(trailers?.['x-sum'], 'so');
  t.like(informational[0], { ':status': 103, link: '</a.css>; rel=preload' });
});

test('a client that waits for 100 Continue is told so', async (t) => {
  const { origin } = await serving(t, ECHOES['fetch']!, CLEARTEXT);
  const stream = http2Session(t, origin).request({ ':method': 'POST', expect: '100-continue' });
  await once(stream, 'continue');
  stream.end('now');
  t.regex((await answerOf(stream)).body, /^POST \/ .* now$/);
});

test('responses without a length, empty ones and those that end late keep their form', async (t) => {
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler(request, response) {
        if (request.url === '/none') response.writeHead(204).end();
        else if (request.url === '/empty') response.end();
        else if (request.url === '/cached') response.writeHead(304, { ETag: '"a"' }).end();
        else {
          response.writeHead(200, { 'Content-Length': '2' }).write('ok');
          setImmediate(() => response.end());
        }
      },
    },
    cleartext({}, { accessLog: true }),
  );
  const session = http2Session(t, origin);
  const said = async (path: string): Promise<unknown[]> => {
    const { status, body, headers, code } = await ask(session, { ':path': path });
    return [status, body, headers['content-length'], code];
  };
  t.deepEqual(await said('/none'), [204, '', undefined, 0]);
  t.deepEqual(await said('/empty'), [200, '', '0', 0]);
  t.deepEqual(await said('/cached'), [304, '', undefined, 0]);
  t.deepEqual(await said('/late'), [200, 'ok', '2', 0]);
});

test('the access log, the hooks and what is in flight know a stream as a request', async (t) => {
  const seen: RequestInfo[] = [];
  let answer = (): void => undefined;
  const { origin, finished, server } = await serving(
    t,
    {
      kind: 'node',
      handler(_request, response) {
        answer = () => void response.end('late');
      },
    },
    cleartext(
      {},
      {
        accessLog: true,
        hooks: { preRequest: (_worker, request) => void seen.push(request) },
      },
    ),
  );
  const asked = ask(http2Session(t, origin), { ':path': '/a?b', 'user-agent': 'me' });
  await eventually(() => server.inFlight().length === 1);
  t.like(server.inFlight()[0], { method: 'GET', target: '/a?b', peer: '127.0.0.1' });
  answer();
  await asked;
  await eventually(() => finished.length === 1);
  const [record] = finished;
  t.like(record, { method: 'GET', target: '/a?b', protocol: 'HTTP/2.0', status: 200, bytes: 4 });
  t.is(record?.requestHeader('user-agent'), 'me');
  t.is(record?.remoteAddress, '127.0.0.1');
  t.is(record?.responseHeader('content-length'), '4');
  t.deepEqual(
    seen.map(({ method, target }) => [method, target]),
    [['GET', '/a?b']],
  );
});

test('a client that leaves is told to the application, and stands in the log as such', async (t) => {
  let gone = (): void => undefined;
  const left = new Promise<void>((resolve) => (gone = resolve));
  const { origin, finished } = await serving(
    t,
    {
      kind: 'fetch',
      handler: (request) =>
        new Promise(() => {
          request.signal.addEventListener('abort', gone);
        }),
    },
    cleartext({}, { accessLog: true }),
  );
  const session = http2Session(t, origin);
  const stream = session.request({ ':path': '/slow' });
  stream.on('error', () => {});
  stream.close(8);
  await left;
  await eventually(() => finished.length === 1);
  t.is(finished[0]?.status, 499);
});

test('an application that breaks off resets its stream, and the connection lives on', async (t) => {
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler(request, response) {
        if (request.url === '/whole') response.end('ok');
        else if (request.url === '/throws') throw new Error('on purpose');
        else response.write('half', () => response.destroy());
      },
    },
    CLEARTEXT,
  );
  const session = http2Session(t, origin);
  const broken = await ask(session, { ':path': '/half' });
  t.deepEqual([broken.status, broken.body, broken.code], [200, 'half', 2]);
  t.is((await ask(session, { ':path': '/throws' })).status, 500);
  t.is((await ask(session, { ':path': '/whole' })).body, 'ok');
});

test('large bodies arrive whole both ways, and no faster than they are taken', async (t) => {
  const SIZE = 30_000_000;
  const body = Buffer.alloc(SIZE, 'gunicorn');
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      async handler(request, response) {
        const hash = createHash('sha1');
        for await (const chunk of request) hash.update(chunk as Buffer);
        response.setHeader('X-Sum', hash.digest('hex'));
        response.end(body);
      },
    },
    CLEARTEXT,
  );
  const session = http2Session(t, origin);
  const stream = session.request({ ':method': 'POST' });
  stream.end(body);
  const [head] = (await once(stream, 'response')) as [Record<string, string>];
  const sum = createHash('sha1');
  for await (const chunk of stream) {
    sum.update(chunk as Buffer);
    await new Promise(setImmediate);
  }
  const wanted = createHash('sha1').update(body).digest('hex');
  t.deepEqual([head['x-sum'], sum.digest('hex')], [wanted, wanted]);
});

test('what is written faster than the client reads makes the application wait', async (t) => {
  let response: ServerResponse | undefined;
  let full = 0;
  const { origin } = await serving(
    t,
    {
      kind: 'node',
      handler(_request, given) {
        response = given;
        while (given.write(Buffer.alloc(16_384))) full++;
      },
    },
    CLEARTEXT,
  );
  const stream = http2Session(t, origin).request({});
  await eventually(() => response?.writableNeedDrain === true);
  t.true(full < 100);
  const drained = once(response!, 'drain');
  stream.resume();
  await drained;
  response?.end();
  await once(stream, 'end');
});

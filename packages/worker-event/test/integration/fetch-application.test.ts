import type { FetchHandler } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import { fetch } from 'undici';
import {
  eventually,
  rawClient,
  startWorker,
  type Circumstances,
  type RunningWorker,
} from './running-worker.ts';

const start = (
  t: ExecutionContext,
  handler: FetchHandler,
  circumstances?: Circumstances,
): Promise<RunningWorker> => startWorker(t, { kind: 'fetch', handler }, circumstances);

const GET = 'GET /p?q=1 HTTP/1.1\r\nHost: example.com\r\n';

test('a request becomes a Request and a Response the response', async (t) => {
  const { origin } = await start(t, async (request) =>
    Response.json(
      { method: request.method, path: new URL(request.url).pathname, body: await request.text() },
      { status: 201, headers: { 'x-answer': '42' } },
    ),
  );
  const response = await fetch(`${origin}/there`, { method: 'POST', body: 'data' });
  t.is(response.status, 201);
  t.is(response.headers.get('x-answer'), '42');
  t.deepEqual(await response.json(), { method: 'POST', path: '/there', body: 'data' });
});

for (const [how, handler] of [
  [
    'throws',
    () => {
      throw new Error('secret reason');
    },
  ],
  ['rejects', () => Promise.reject(new Error('secret reason'))],
  [
    'gives a stream that breaks at once',
    () =>
      new Response(
        new ReadableStream({ pull: (controller) => controller.error(new Error('secret reason')) }),
      ),
  ],
] as [string, FetchHandler][]) {
  test(`an application that ${how} answers 500, and only the log knows why`, async (t) => {
    const { origin, logged } = await start(t, handler);
    const response = await fetch(`${origin}/broken`);
    t.is(response.status, 500);
    t.is(await response.text(), '500 Internal Server Error\n');
    t.regex(logged[0]?.message ?? '', /Error handling request GET \/broken\nError: secret reason/);
  });
}

test('a stream that breaks later breaks the connection', async (t) => {
  let pulls = 0;
  const { port, logged } = await start(
    t,
    () =>
      new Response(
        new ReadableStream(
          {
            pull(controller) {
              if (pulls++ === 0) controller.enqueue(Buffer.from('begun'));
              else controller.error(new Error('secret reason'));
            },
          },
          { highWaterMark: 0 },
        ),
      ),
  );
  const received = await rawClient(t, port).send(`${GET}\r\n`).closes();
  t.false(received.includes('secret'));
  t.false(received.includes('0\r\n\r\n'));
  await eventually(() => logged.length > 0);
  t.regex(logged[0]?.message ?? '', /secret reason/);
});

test('a stream that waits sends its head first, and its pieces as they come', async (t) => {
  let controller: ReadableStreamDefaultController | undefined;
  const { port } = await start(
    t,
    () =>
      new Response(new ReadableStream({ start: (given) => void (controller = given) }), {
        headers: { 'content-type': 'text/event-stream', 'set-cookie': 'a=1' },
      }),
  );
  const client = rawClient(t, port).send(`${GET}Connection: close\r\n\r\n`);
  await client.receives('text/event-stream');
  controller?.enqueue(Buffer.from('data: 1\n\n'));
  await client.receives('data: 1');
  controller?.close();
  t.regex(await client.closes(), /set-cookie: a=1[^]*0\r\n\r\n$/i);
});

test('the stream of a client that has gone is cancelled, and its signal aborted', async (t) => {
  let cancelled = false;
  let signal: AbortSignal | undefined;
  const { port } = await start(t, (request) => {
    signal = request.signal;
    return new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(Buffer.alloc(1000)),
        cancel: () => void (cancelled = true),
      }),
    );
  });
  const client = rawClient(t, port).send(`${GET}\r\n`);
  await client.receives('HTTP/1.1 200');
  client.socket.destroy();
  await eventually(() => cancelled && signal?.aborted === true);
  t.pass();
});

test('HEAD cancels the stream that nobody reads', async (t) => {
  let cancelled = false;
  const { origin } = await start(
    t,
    () => new Response(new ReadableStream({ cancel: () => void (cancelled = true) })),
  );
  const response = await fetch(origin, { method: 'HEAD' });
  t.is(response.status, 200);
  await eventually(() => cancelled);
});

test('a Host header that is no host is answered with 400', async (t) => {
  const { port } = await start(t, () => new Response('unreached'));
  const received = await rawClient(t, port)
    .send('GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n')
    .closes();
  t.regex(received, /^HTTP\/1\.1 400 /);
});

test('a trusted peer says which scheme its client used, request by request', async (t) => {
  const { port } = await start(t, (request) => new Response(`[${request.url}]`));
  const client = rawClient(t, port).send(`${GET}X-Forwarded-Proto: https\r\n\r\n`);
  await client.receives('[https://example.com/p?q=1]');
  client.send(`${GET}\r\n`);
  await client.receives('[http://example.com/p?q=1]');
  client.send(`${GET}X-Forwarded-Proto: https\r\n\r\n`);
  await client.receives('[https://example.com/p?q=1]', 2);
  t.pass();
});

test('another peer’s X-Forwarded-Proto is ignored', async (t) => {
  const { port } = await start(t, (request) => new Response(`[${request.url}]`), {
    settings: { forwardedAllowIps: ['10.0.0.1'] },
  });
  const client = rawClient(t, port).send(`${GET}X-Forwarded-Proto: https\r\n\r\n`);
  t.true((await client.receives('[http')).includes('[http://example.com/p?q=1]'));
});

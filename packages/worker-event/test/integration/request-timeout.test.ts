import test from 'ava';
import { eventually, rawClient, startWorker } from './running-worker.ts';

const GET = 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n';
const settings = { requestTimeout: 0.2 };

test('a request that takes too long is answered with 504, and the application sees its client go', async (t) => {
  let closed = false;
  let written = false;
  const { port, logged, finished } = await startWorker(
    t,
    {
      kind: 'node',
      handler(_request, response) {
        response.on('close', () => {
          closed = true;
          // As a callback would that comes too late: must not bring the process down.
          response.writeHead(200);
          response.end('too late');
          written = true;
        });
      },
    },
    { settings, accessLog: true },
  );
  const received = await rawClient(t, port).send(GET).closes();
  t.regex(received, /^HTTP\/1\.1 504 Gateway Timeout\r\n[^]*\r\nConnection: close\r\n/);
  t.false(received.includes('too late'));
  await eventually(() => finished.length === 1);
  t.true(closed && written);
  t.is(finished[0]?.status, 504);
  t.regex(logged[0]?.message ?? '', /^Request timed out after 0\.\d s: GET \/slow$/);
});

test('a response that has begun is broken off', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.write('begun') },
    { settings },
  );
  const client = rawClient(t, port).send(GET);
  await client.closes();
  t.true(client.received.includes('begun'));
  t.false(client.received.includes('504'));
});

test('the signal of a Request is aborted', async (t) => {
  let signal: AbortSignal | undefined;
  const { port } = await startWorker(
    t,
    {
      kind: 'fetch',
      handler(request) {
        signal = request.signal;
        return new Promise(() => {});
      },
    },
    { settings },
  );
  t.regex(await rawClient(t, port).send(GET).closes(), /^HTTP\/1\.1 504 /);
  await eventually(() => signal?.aborted === true);
});

test('requests that end in time are left alone while a slow one runs', async (t) => {
  const { port, logged } = await startWorker(
    t,
    {
      kind: 'node',
      handler(request, response) {
        if (request.url === '/quick') response.end('quick');
      },
    },
    { settings },
  );
  const slow = rawClient(t, port).send(GET);
  const quick = rawClient(t, port);
  let answers = 0;
  while (!slow.ended) {
    quick.send('GET /quick HTTP/1.1\r\nHost: a\r\n\r\n');
    await quick.receives('quick', ++answers);
  }
  t.regex(slow.received, /504/);
  t.is(logged.length, 1);
});

test('requests behind the slow one on its connection end with it, unseen', async (t) => {
  const seen: unknown[] = [];
  const { port, finished } = await startWorker(
    t,
    { kind: 'node', handler: ({ url }) => void seen.push(url) },
    { settings },
  );
  const client = rawClient(t, port).send(GET + GET + GET);
  await client.closes();
  await eventually(() => finished.length === 1);
  t.is(client.received.split('HTTP/1.1 504').length - 1, 1);
  t.deepEqual(seen, ['/slow']);
});

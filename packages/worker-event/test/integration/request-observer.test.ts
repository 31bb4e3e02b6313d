import test from 'ava';
import { fetch } from 'undici';
import { eventually, rawClient, startWorker } from './running-worker.ts';

test('an access record tells the request, the response, their size and their time', async (t) => {
  const { origin, finished } = await startWorker(
    t,
    {
      kind: 'node',
      handler(_request, response) {
        response.writeHead(201, { 'X-Given': 'to writeHead' });
        response.write('é');
        setTimeout(() => response.end('12345'), 30);
      },
    },
    { accessLog: true },
  );
  await (await fetch(`${origin}/path?query`, { headers: { 'X-Sent': 'a' } })).text();
  await eventually(() => finished.length === 1);
  const [record] = finished;
  t.like(record, {
    remoteAddress: '127.0.0.1',
    method: 'GET',
    target: '/path?query',
    protocol: 'HTTP/1.1',
    status: 201,
    bytes: 7,
  });
  t.true((record?.durationMs ?? 0) >= 25);
  t.is(record?.requestHeader('x-SENT'), 'a');
  t.is(record?.responseHeader('x-given'), 'to writeHead');
  t.is(record?.responseHeader('X-None'), undefined);
});

test('each of several pipelined responses has its own size; HEAD has none', async (t) => {
  const { port, finished } = await startWorker(
    t,
    {
      kind: 'node',
      handler: (request, response) => void response.end('x'.repeat(Number(request.url?.slice(1)))),
    },
    { accessLog: true },
  );
  const client = rawClient(t, port);
  client.send(
    ['GET /3', 'GET /5', 'HEAD /9']
      .map(
        (line) =>
          `${line} HTTP/1.1\r\nHost: a\r\n${line.startsWith('HEAD') ? 'Connection: close\r\n' : ''}\r\n`,
      )
      .join(''),
  );
  await client.closes();
  await eventually(() => finished.length === 3);
  t.deepEqual(
    finished.map((record) => record?.bytes),
    [3, 5, 0],
  );
});

test('a client that leaves before it is answered is recorded as 499', async (t) => {
  const { port, worker, finished } = await startWorker(
    t,
    { kind: 'node', handler: () => undefined },
    { accessLog: true },
  );
  const client = rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => worker.inFlight().length === 1);
  client.socket.destroy();
  await eventually(() => finished.length === 1);
  t.like(finished[0], { status: 499, bytes: 0, remoteAddress: '127.0.0.1' });
});

test('hooks are called around each request, with the worker', async (t) => {
  const calls: unknown[] = [];
  const { origin, finished } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('1234') },
    {
      hooks: {
        preRequest: (worker, request) => void calls.push(['pre', worker.pid, request.method, request.target]),
        postRequest: (_worker, request, response) =>
          void calls.push(['post', request.remoteAddress, response.status, response.bytes]),
      },
    },
  );
  await (await fetch(`${origin}/x`)).text();
  await eventually(() => finished.length === 1);
  t.deepEqual(calls, [
    ['pre', process.pid, 'GET', '/x'],
    ['post', '127.0.0.1', 200, 4],
  ]);
  t.is(finished[0], undefined);
});

test('preRequest that throws is answered with 500, postRequest that throws is logged', async (t) => {
  const { origin, logged, finished } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('reached') },
    {
      hooks: {
        preRequest(_worker, { target }) {
          if (target === '/refused') throw new Error('refused by hook');
        },
        postRequest() {
          throw new Error('post failed');
        },
      },
    },
  );
  t.is((await fetch(`${origin}/refused`)).status, 500);
  t.is(await (await fetch(`${origin}/fine`)).text(), 'reached');
  await eventually(() => finished.length === 2);
  const messages = logged.map(({ message }) => message).join('\n');
  t.regex(messages, /GET \/refused\nError: refused by hook/);
  t.regex(messages, /The hook postRequest threw: Error: post failed/);
});

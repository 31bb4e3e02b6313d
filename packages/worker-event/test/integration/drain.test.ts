import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import test from 'ava';
import { eventually, rawClient, startWorker, type RunningWorker } from './running-worker.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

function drained({ worker }: RunningWorker): { readonly done: boolean; readonly promise: Promise<void> } {
  const state = { done: false, promise: worker.drain(20_000) };
  void state.promise.then(() => (state.done = true));
  return state;
}

test('a drain without connections resolves at once', async (t) => {
  const { worker } = await startWorker(t, { kind: 'node', handler: () => undefined });
  await t.notThrowsAsync(worker.drain(5000));
});

test('a response that is not written yet says Connection: close', async (t) => {
  let answer = (): void => undefined;
  const running = await startWorker(t, {
    kind: 'node',
    handler(_request, response) {
      answer = () => void response.end('late');
    },
  });
  const client = rawClient(t, running.port).send(GET);
  await eventually(() => running.worker.inFlight().length === 1);
  const drain = drained(running);
  answer();
  t.regex(await client.closes(), /Connection: close\r\n[^]*late/);
  await drain.promise;
  t.is(client.error, undefined);
});

const KEEPING_HEADS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'set before': (response) => void response.setHeader('Connection', 'keep-alive'),
  'given to writeHead as an object': (response) => void response.writeHead(200, { connection: 'keep-alive' }),
  'given to writeHead as a list': (response) =>
    void response.writeHead(200, 'OK', ['X-A', 'connection', 'Connection', 'keep-alive', 'X-B', 'b']),
};

for (const [how, keep] of Object.entries(KEEPING_HEADS)) {
  test(`a Connection header of the application, ${how}, does not keep a connection past the drain`, async (t) => {
    let answer = (): void => undefined;
    const running = await startWorker(t, {
      kind: 'node',
      handler(_request, response) {
        answer = () => {
          keep(response);
          response.end('late');
        };
      },
    });
    const client = rawClient(t, running.port).send(GET);
    await eventually(() => running.worker.inFlight().length === 1);
    const drain = drained(running);
    answer();
    const received = await client.closes();
    t.regex(received, /\r\nConnection: close\r\n[^]*late/);
    t.notRegex(received, /keep-alive/);
    await drain.promise;
  });
}

test('a worker at its limit of connections still answers what waits in the kernel', async (t) => {
  const answers: (() => void)[] = [];
  const running = await startWorker(
    t,
    {
      kind: 'node',
      handler: (_request, response) => void answers.push(() => response.end('ok')),
    },
    { settings: { workerConnections: 1 } },
  );
  const clients = Array.from({ length: 5 }, () => rawClient(t, running.port).send(GET));
  await Promise.all(clients.map((client) => once(client.socket, 'connect')));
  await eventually(() => answers.length === 1);
  const drain = drained(running);
  await eventually(() => answers.length === 5);
  for (const answer of answers) answer();
  for (const client of clients) t.regex(await client.closes(), /200 OK[^]*ok$/);
  await drain.promise;
});

test('a connection kept alive answers one more request within the second', async (t) => {
  const running = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.end('ok'),
  });
  const client = rawClient(t, running.port).send(GET);
  await client.receives('ok');
  const drain = drained(running);
  client.send(GET);
  t.regex(await client.closes(), /keep-alive[^]*Connection: close/);
  await drain.promise;
});

test('an idle connection is ended after a second, politely', async (t) => {
  const running = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('ok') },
    {
      settings: { keepalive: 60 },
    },
  );
  const client = rawClient(t, running.port).send(GET);
  await client.receives('ok');
  const silent = rawClient(t, running.port);
  await once(silent.socket, 'connect');
  const began = Date.now();
  await drained(running).promise;
  t.true(Date.now() - began >= 950);
  t.is(client.error, undefined);
  t.is(silent.error, undefined);
});

test('a request head that is still arriving is waited for', async (t) => {
  const running = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.end('whole'),
  });
  const half = rawClient(t, running.port).send('GET / HTTP/1.1\r\nHo');
  const idle = rawClient(t, running.port).send(GET);
  await idle.receives('whole');
  const drain = drained(running);
  await idle.closes();
  t.false(drain.done);
  half.send('st: a\r\n\r\n');
  t.regex(await half.closes(), /Connection: close[^]*whole/);
  await drain.promise;
});

test('the request that is served when the drain begins is the last one of its connection', async (t) => {
  const answers: (() => void)[] = [];
  const running = await startWorker(t, {
    kind: 'node',
    handler(request, response) {
      answers.push(() => void response.end(`[${request.url}]`));
    },
  });
  const client = rawClient(t, running.port).send(GET.replace('/', '/1') + GET.replace('/', '/2'));
  await eventually(() => answers.length === 1);
  const drain = drained(running);
  for (const answer of answers) answer();
  // The client is told, and sends the other one again on a new connection (RFC 9112 9.3.2).
  t.regex(await client.closes(), /Connection: close[^]*\[\/1\]$/);
  t.is(answers.length, 1);
  await drain.promise;
});

test('a response that was begun before the drain ends, however slowly it is read', async (t) => {
  const whole = 32 * 1024 * 1024;
  const running = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.end(Buffer.alloc(whole, 'x')),
  });
  const client = rawClient(t, running.port).send(GET);
  await client.receives('\r\n\r\n');
  client.socket.pause();
  const idle = rawClient(t, running.port);
  await once(idle.socket, 'connect');
  const drain = drained(running);
  // The sweeper has looked at all connections when this one is ended.
  await idle.closes();
  t.false(drain.done);
  client.socket.resume();
  await client.closes();
  t.is(client.received.split('\r\n\r\n')[1]?.length, whole);
  await drain.promise;
});

test('what is left at the deadline is told by inFlight, and cut', async (t) => {
  const { port, worker } = await startWorker(t, { kind: 'node', handler: () => undefined });
  const client = rawClient(t, port).send(GET);
  await eventually(() => worker.inFlight().length === 1);
  await worker.drain(50);
  await client.closes();
  await eventually(() => worker.inFlight().length === 0);
  t.is(client.received, '');
});

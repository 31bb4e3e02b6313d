import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { NodeHandler } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import {
  eventually,
  rawClient,
  startWorker,
  type Circumstances,
  type RunningWorker,
} from './running-worker.ts';

const start = (
  t: ExecutionContext,
  handler: NodeHandler,
  circumstances?: Circumstances,
): Promise<RunningWorker> => startWorker(t, { kind: 'node', handler }, { accessLog: true, ...circumstances });

const CHUNKED = 'POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
const GET = 'GET /first HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** Sends a request and resets the connection, before the worker of this process can have read it. */
async function sendAndReset(port: number, request: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(request);
  socket.resetAndDestroy();
  await once(socket, 'close');
}

test('a request that breaks in its body stands in the access log once, with its target', async (t) => {
  const { port, finished, worker } = await start(t, (request) => void request.on('error', () => {}));
  const client = rawClient(t, port).send(CHUNKED);
  await eventually(() => worker.inFlight().length === 1);
  client.send('no chunk size\r\n');
  t.regex(await client.closes(), /^HTTP\/1\.1 400 /);
  await eventually(() => worker.inFlight().length === 0 && finished.length > 0);
  t.deepEqual(
    finished.map((record) => [record?.target, record?.status]),
    [['/upload', 400]],
  );
});

test('what is no request is refused behind the response to the request before it', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { port, finished, worker, logged } = await start(t, (_request, response) => {
    void gate.promise.then(() => response.end('first'));
  });
  const client = rawClient(t, port).send(`${GET}NONSENSE\r\n\r\n`);
  await eventually(() => worker.inFlight().length === 1);
  t.is(client.received, '');
  t.deepEqual(logged, []);
  gate.resolve();
  t.regex(await client.closes(), /^HTTP\/1\.1 200 [^]*first[^]*HTTP\/1\.1 400 /);
  await eventually(() => finished.length === 2);
  t.deepEqual(
    finished.map((record) => record?.status),
    [200, 400],
  );
});

const TAKEOVERS = {
  CONNECT: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
  Upgrade: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
};

for (const [what, request] of Object.entries(TAKEOVERS)) {
  for (const listens of [true, false]) {
    const title = `${what} behind a request that is being served has its turn`;
    test(`${title}, ${listens ? 'with' : 'without'} a listener`, async (t) => {
      const server = createServer();
      if (listens) server.on(what.toLowerCase(), (_request, socket: Socket) => socket.end('taken over'));
      const gate = Promise.withResolvers<void>();
      const handler: NodeHandler = ({ method }, response) =>
        void (method === 'CONNECT'
          ? response.end('refused')
          : gate.promise.then(() => response.end('first')));
      const application = { kind: 'node', handler, server } as const;
      const { port, worker, finished } = await startWorker(t, application, { accessLog: true });
      const client = rawClient(t, port).send(GET);
      await eventually(() => worker.inFlight().length === 1);
      client.send(request);
      gate.resolve();
      const answer = listens ? 'taken over' : what === 'CONNECT' ? 'refused' : 'first';
      await client.receives('first');
      await client.receives(answer, !listens && what === 'Upgrade' ? 2 : 1);
      client.socket.end();
      await eventually(() => finished.length === 2);
      t.pass();
    });
  }
}

test('a client that has left is not taken for a trusted unix socket', async (t) => {
  const seen: unknown[] = [];
  const { port } = await start(
    t,
    (request, response) => {
      seen.push(request.headers['remote_user']);
      response.end();
    },
    { settings: { forwardedAllowIps: ['10.0.0.1'], forwarderHeaders: ['REMOTE_USER'] } },
  );
  for (let round = 0; round < 20; round++) {
    await sendAndReset(port, 'GET / HTTP/1.1\r\nHost: a\r\nREMOTE_USER: admin\r\n\r\n');
  }
  await rawClient(t, port).send(LAST).closes();
  t.true(seen.length > 0);
  t.deepEqual(
    seen.filter((user) => user !== undefined),
    [],
  );
});

test('a client that has left may not speak the PROXY protocol', async (t) => {
  const seen: unknown[] = [];
  const { port } = await start(
    t,
    (request, response) => {
      seen.push(request.socket.remoteAddress);
      response.end();
    },
    { settings: { proxyProtocol: 'v1', proxyAllowIps: ['10.0.0.1'] } },
  );
  for (let round = 0; round < 20; round++) {
    await sendAndReset(port, `PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n${GET}`);
  }
  await rawClient(t, port).send(LAST).closes();
  t.false(seen.includes('192.0.2.7'));
});

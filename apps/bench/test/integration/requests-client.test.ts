import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { NO_FAILURES } from '../../src/failures.ts';
import { askWhile } from '../../src/load/client.ts';

/** A server in this process, and a promise for the moment at which it has been asked so many times. */
async function serve(t: ExecutionContext, listener: (count: number) => RequestListener) {
  let count = 0;
  let connections = 0;
  const waiting = new Map<number, () => void>();
  const server = createServer((request, response) => {
    count += 1;
    listener(count)(request, response);
    waiting.get(count)?.();
  });
  server.on('connection', () => (connections += 1));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = (times: number) => new Promise<void>((resolve) => waiting.set(times, resolve));
  return { server, port, asked, connections: () => connections };
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

const answer: RequestListener = (_request, response) => response.end('here\n');

test('what was answered, refused by status and cut off is told apart', async (t) => {
  const strange: Record<number, RequestListener> = {
    3: (_request, response) => response.writeHead(503).end(),
    5: ({ socket }) => socket.destroy(),
    7: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nnot all of it'),
  };
  const { port, asked } = await serve(t, (count) => strange[count] ?? answer);
  const result = await askWhile({ port, clients: 1, keepAlive: false }, () => asked(20));
  t.deepEqual(result.failures, { ...NO_FAILURES, status: 1, reset: 2 });
  t.true(result.plain.count >= 16);
  t.true(result.plain.p50 > 0 && result.plain.p50 <= result.plain.p999);
});

test('a server that no longer listens refuses', async (t) => {
  const { server, port, asked } = await serve(t, () => answer);
  const { failures } = await askWhile({ port, clients: 2, keepAlive: false }, async () => {
    await asked(10);
    server.close();
    // As often as it takes the clients to ask in vain too: they do it every ten milliseconds.
    for (let refusals = 0; refusals < 30;) {
      if (await isRefused(port)) refusals += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  t.true(failures.refused > 0);
  t.is(failures.status, 0);
});

test('requests that block are counted by themselves', async (t) => {
  const { port, asked } = await serve(t, () => (request, response) => {
    t.true(request.url === '/' || request.url === '/block');
    answer(request, response);
  });
  const load = { port, clients: 2, keepAlive: false, blockEvery: 10 };
  const { plain, blocked } = await askWhile(load, () => asked(100));
  t.true(blocked.count >= 10);
  t.true(plain.count >= 8 * blocked.count);
});

test('connections are kept when they are meant to be, and only then', async (t) => {
  const kept = await serve(t, () => answer);
  await askWhile({ port: kept.port, clients: 3, keepAlive: true }, () => kept.asked(60));
  t.is(kept.connections(), 3);
  const closed = await serve(t, () => answer);
  await askWhile({ port: closed.port, clients: 3, keepAlive: false }, () => closed.asked(60));
  t.true(closed.connections() >= 60);
});

test('a server that closes a kept connection and says so costs nothing', async (t) => {
  const { port, asked } = await serve(t, (count) => (request, response) => {
    if (count % 4 === 0) response.setHeader('Connection', 'close');
    answer(request, response);
  });
  const { failures } = await askWhile({ port, clients: 2, keepAlive: true }, () => asked(60));
  t.deepEqual(failures, NO_FAILURES);
});

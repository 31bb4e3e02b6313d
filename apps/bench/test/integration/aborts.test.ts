import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import transfers from '../../src/applications/transfers.ts';
import { abortRequests } from '../../src/load/aborts.ts';
import { ask } from '../../src/load/ask.ts';

const COUNT = 40;
const ALL = { count: COUNT, seconds: 60 };

async function serve(
  t: ExecutionContext,
  listener: RequestListener,
): Promise<{ server: Server; port: number }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

test('Every transfer is left in the middle, half of them uploads, and the application notices each', async (t) => {
  const { port } = await serve(t, transfers);
  t.is(await abortRequests(port, ALL), COUNT);
  const seen = async (): Promise<unknown> => JSON.parse(await ask(port, '/seen'));
  const all = { uploads: COUNT / 2, downloads: COUNT / 2 };
  // The last ones may still have to be told.
  for (let looks = 0; looks < 200 && JSON.stringify(await seen()) !== JSON.stringify(all); looks++);
  t.deepEqual(await seen(), all);
});

test('What the server does not take is not counted', async (t) => {
  const { port } = await serve(t, (_request, response) => response.writeHead(503).end());
  const taken = await abortRequests(port, ALL);
  // An upload is told to go on before the application is asked; a download is refused by it.
  t.is(taken, COUNT / 2);
});

test('A server that takes nothing any more is not asked for ever', async (t) => {
  const { server, port } = await serve(t, () => {});
  server.removeAllListeners('request').on('connection', (socket) => socket.destroy());
  await t.throwsAsync(abortRequests(port, { ...ALL, count: 100_000 }), { message: /gave up/ });
});

test('Nothing is begun when the time is over', async (t) => {
  const { port } = await serve(t, transfers);
  t.is(await abortRequests(port, { ...ALL, seconds: 0 }), 0);
});

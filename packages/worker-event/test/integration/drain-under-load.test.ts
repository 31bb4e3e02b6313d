import { once } from 'node:events';
import type { NodeHandler } from '@gunicorn-ts/interface';
import { startLoad } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { eventually, inherited, rawClient, startWorker, tcpListener } from './running-worker.ts';

const LARGE = Buffer.alloc(8 * 1024 * 1024, 'x');

const handler: NodeHandler = (request, response) => {
  if (request.url === '/large') response.end(LARGE);
  else setTimeout(() => response.end('ok'), 2);
};

test.serial('workers that replace each other on one listener lose no request', async (t) => {
  const listener = tcpListener();
  const spare = inherited(listener);
  let current = await startWorker(t, { kind: 'node', handler }, { listeners: [listener] });
  const load = startLoad({ url: current.origin, newConnections: 4, keepAlive: 6, slowReaders: 2 });
  for (let roll = 0; roll < 4; roll++) {
    await load.more(100);
    const next = await startWorker(t, { kind: 'node', handler }, { listeners: [inherited(spare)] });
    await current.worker.drain(20_000);
    current = next;
  }
  const report = await load.stop();
  t.deepEqual(report.failures, []);
  t.true(report.requests > 400);
});

test.serial('connections that the kernel had completed when the drain began are served', async (t) => {
  const { port, worker } = await startWorker(t, {
    kind: 'node',
    handler: (_request, response) => void response.end('served'),
  });
  const clients = Array.from({ length: 200 }, () =>
    rawClient(t, port).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  );
  await Promise.all(clients.map(({ socket }) => once(socket, 'connect')));
  await worker.drain(20_000);
  await eventually(() => clients.every(({ ended, closed }) => ended || closed));
  t.deepEqual(
    clients
      .filter(({ received, error }) => !received.endsWith('served') || error !== undefined)
      .map(({ received, error }) => ({ received, error: String(error) })),
    [],
  );
});

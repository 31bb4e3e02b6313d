import { once } from 'node:events';
import test from 'ava';
import { eventually, inherited, rawClient, startWorker, tcpListener } from './running-worker.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('at the limit the kernel keeps connections, and below it they are served', async (t) => {
  const { port } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('ok') },
    { settings: { workerConnections: 2, keepalive: 60 } },
  );
  const held = [rawClient(t, port).send(GET), rawClient(t, port).send(GET)];
  await Promise.all(held.map((client) => client.receives('ok')));
  const waiting = Array.from({ length: 3 }, () => rawClient(t, port).send(GET));
  await Promise.all(waiting.map(({ socket }) => once(socket, 'connect')));
  // The worker still answers on what it holds, and has not taken more.
  held[0]?.send(GET);
  await held[0]?.receives('ok', 2);
  t.deepEqual(waiting.map(({ received }) => received).join(''), '');
  for (const client of [...held, ...waiting]) {
    await client.receives('ok');
    client.socket.destroy();
  }
});

test('what one worker leaves in the queue another takes', async (t) => {
  const listener = tcpListener();
  const others = inherited(listener);
  const answer = (name: string) => ({
    kind: 'node' as const,
    handler: (_request: unknown, response: { end(text: string): unknown }) => void response.end(`[${name}]`),
  });
  const settings = { workerConnections: 1, keepalive: 60 };
  const first = await startWorker(t, answer('first'), { listeners: [listener], settings });
  const held = rawClient(t, first.port).send(GET);
  await held.receives('[first]');
  const waiting = rawClient(t, first.port).send(GET);
  await once(waiting.socket, 'connect');
  await startWorker(t, answer('second'), { listeners: [others], settings });
  await waiting.receives('[second]');
  t.pass();
});

test('a worker at its limit drains', async (t) => {
  const { port, worker } = await startWorker(
    t,
    { kind: 'node', handler: (_request, response) => void response.end('ok') },
    { settings: { workerConnections: 1, keepalive: 60 } },
  );
  const client = rawClient(t, port).send(GET);
  await client.receives('ok');
  await worker.drain(20_000);
  await eventually(() => client.ended);
  t.is(client.error, undefined);
});

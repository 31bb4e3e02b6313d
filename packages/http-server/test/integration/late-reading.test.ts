import type http from 'node:http';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startServing } from '../application.ts';
import { engineServer, listening } from '../makers.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const answer: http.RequestListener = (_request, response) => void response.end('answered');

/** A connection of this process that has had one answer. */
async function keptConnection(t: ExecutionContext, port: number): Promise<Socket> {
  const client = connect(port, '127.0.0.1');
  t.teardown(() => client.destroy());
  client.setEncoding('latin1').write(REQUEST);
  await once(client, 'data');
  return client;
}

/** Sends a request, which the kernel has at once, and keeps the server from reading for so long. */
function sendAndBlock(client: Socket, ms: number): Promise<unknown[]> {
  const answered = once(client, 'data');
  client.write(REQUEST);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return answered;
}

test('what came on a kept connection while nobody could read is answered, although its time is over', async (t) => {
  const server = engineServer('descriptor')({}, answer);
  server.keepAliveTimeout = 100;
  const client = await keptConnection(t, await listening(t, server));
  const [text] = await sendAndBlock(client, 400);
  t.regex(String(text), /^HTTP\/1.1 200 .*answered/s);
});

test('closeIdleConnections leaves a connection on which a request came while nobody could read', async (t) => {
  const server = engineServer('descriptor')({}, answer);
  const client = await keptConnection(t, await listening(t, server));
  const answered = sendAndBlock(client, 50);
  server.closeIdleConnections();
  t.regex(String((await answered)[0]), /^HTTP\/1.1 200 .*answered/s);
  server.closeIdleConnections();
  await once(client, 'close');
});

test('a worker that drains answers what came while nobody could read', async (t) => {
  const { server, port } = await startServing({ kind: 'node', handler: answer });
  const client = await keptConnection(t, port);
  const drained = server.drain(10_000);
  // Its accept queue is found empty, and the connection is still fresh enough to be waited for.
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  const [text] = await sendAndBlock(client, 1100);
  t.regex(String(text), /^HTTP\/1.1 200 .*Connection: close.*answered/s);
  await drained;
});

import { once } from 'node:events';
import { join } from 'node:path';
import { request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'ws';

const cwd = join(import.meta.dirname, '..');

async function connect(t: ExecutionContext, url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http:', 'ws:')}/echo`);
  t.teardown(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

test('what is sent over a WebSocket comes back', async (t) => {
  const server = await startServer(t, { cwd });
  t.is((await request(server.url)).text, 'Speak WebSocket at /echo\n');
  const socket = await connect(t, server.url);
  socket.send('hello');
  const [data] = await once(socket, 'message');
  t.is(String(data), 'hello');
});

test('a WebSocket is told to come back elsewhere (1012) when its worker drains', async (t) => {
  const server = await startServer(t, { cwd });
  const socket = await connect(t, server.url);
  const closed = once(socket, 'close');
  server.signal('SIGTERM');
  const [code] = await closed;
  t.is(code, 1012);
  t.is((await server.exit).code, 0);
});

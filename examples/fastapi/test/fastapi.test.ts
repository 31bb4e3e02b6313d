import { once } from 'node:events';
import { join } from 'node:path';
import { beforePython, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const cwd = join(import.meta.dirname, '..');
const made = beforePython(test, 'python-asgi-requirements.txt');

test('FastAPI answers, refuses what is no number, streams, and keeps a WebSocket until its worker leaves', async (t) => {
  const environment = made();
  if (environment.kind === 'missing') {
    t.log(`skipped: ${environment.reason}`);
    t.pass();
    return;
  }
  const server = await startServer(t, {
    cwd,
    args: ['--python', environment.python, '--worker-class', 'asgi', 'app:app'],
  });
  t.is((await request(`${server.url}/?name=you`)).text, '{"hello":"Hello, you!"}');
  t.is((await request(`${server.url}/items/x`)).status, 422);
  t.is((await request(`${server.url}/stream`)).text, 'line 0\nline 1\nline 2\n');
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/echo`);
  await once(socket, 'open');
  const echoed = once(socket, 'message');
  socket.send('ping');
  t.is(((await echoed) as [MessageEvent])[0].data, 'ping');
  const closed = once(socket, 'close');
  process.kill(server.pid, 'SIGTERM');
  t.is(((await closed) as [CloseEvent])[0].code, 1012);
});

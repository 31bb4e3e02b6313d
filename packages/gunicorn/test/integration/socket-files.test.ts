import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { processesGone, request, startLoad, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { saying } from './apps.ts';

const READY = /Worker \(pid:\d+\) is ready/;

test('HUP makes the file of a unix socket again that somebody removed', async (t) => {
  const server = await startServer(t, { app: saying('here'), bind: ['unix:app.sock'] });
  const file = server.folder.file('app.sock');
  const before = server.workers();
  rmSync(file);
  server.signal('SIGHUP');
  await processesGone(before, 10_000);
  t.is((await request(`unix:${file}`)).text, 'here');
  t.is((await server.stop()).code, 0);
  t.false(server.folder.has('app.sock'));
});

test('the file of a unix socket that is another server’s by now is left alone', async (t) => {
  const server = await startServer(t, { app: saying('here'), bind: ['unix:app.sock'] });
  const file = server.folder.file('app.sock');
  rmSync(file);
  const other = createServer().listen(file);
  t.teardown(() => other.close());
  await once(other, 'listening');
  t.is((await server.stop()).code, 0);
  t.true(server.folder.has('app.sock'));
});

test('with reusePort nobody waits at a worker that does not take connections yet, and may be told to leave', async (t) => {
  const app = `
    if (process.env.GUNICORN_WORKER === '3') await new Promise((resolve) => setTimeout(resolve, 30_000));
    export default (req, res) => res.end('here');
  `;
  const args = ['--workers', '2', '--reuse-port', '--log-level', 'debug'];
  const server = await startServer(t, { app, args });
  await server.waitFor(READY, { times: 2 });
  server.signal('SIGTTIN');
  await server.waitFor(/Booting worker/, { times: 3 });
  const load = startLoad({ url: server.url, newConnections: 8, limitMs: 2000 });
  await load.more(100);
  server.signal('SIGTTOU');
  await load.more(100);
  t.deepEqual((await load.stop()).failures, []);
});

test('with reusePort fewer workers leave no queue that nobody reads', async (t) => {
  const args = ['--workers', '2', '--reuse-port', '--log-level', 'debug'];
  const server = await startServer(t, { app: saying('here'), args });
  await server.waitFor(READY, { times: 2 });
  server.signal('SIGTTIN');
  await server.waitFor(READY, { times: 3 });
  server.signal('SIGTTOU');
  await server.waitFor(/has left/);
  const load = startLoad({ url: server.url, newConnections: 8, limitMs: 2000 });
  await load.more(200);
  t.deepEqual((await load.stop()).failures, []);
});

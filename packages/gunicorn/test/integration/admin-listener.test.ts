import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { childrenOf, COMMAND, eventually, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { adminUrl, Metrics, probe } from './admin-probe.ts';

const APP = `
export default (req, res) => {
  if (req.url.startsWith('/block')) for (;;);
  if (req.url === '/missing') res.statusCode = 404;
  res.end('hello');
};`;
const ADMIN = ['--admin-bind', '127.0.0.1:0'];

test('the listener shows health, numbers and the state, and changes nothing', async (t) => {
  const server = await startServer(t, { app: APP, args: [...ADMIN, '--workers', '2'] });
  const url = await adminUrl(server);
  await eventually(async () => (await probe(url, '/readyz')).text.includes('2 of 2'));
  for (const path of ['/livez', '/readyz', '/startupz', '/status', '/status.json']) {
    t.is((await probe(url, path)).status, 200, path);
  }
  t.is((await request(`${url}/livez`, { method: 'POST' })).status, 405);
  t.is((await request(`${url}/livez`, { headers: { Host: 'elsewhere.example' } })).status, 403);
  const status = JSON.parse((await probe(url, '/status.json')).text) as { workers: { pid: number }[] };
  t.deepEqual(new Set(status.workers.map(({ pid }) => pid)), new Set(server.workers()));
});

test('a server without adminBind loads and opens nothing of it', async (t) => {
  const server = await startServer(t, { app: APP });
  t.false(server.log().includes('Admin listener'));
});

test('an address that cannot be had ends the start, and says so', async (t) => {
  const first = await startServer(t, { app: APP, args: ADMIN });
  const taken = new URL(await adminUrl(first)).host;
  const second = await startServer(t, { app: APP, args: ['--admin-bind', taken], until: 'spawned' });
  t.is((await second.ended()).code, 1);
  t.regex(
    second.log(),
    /adminBind: cannot listen on 127\.0\.0\.1:\d+: .* another process has it.*ERR_ADMIN_BIND/s,
  );
});

test('a unix socket is for the user and the group, and goes with the server', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--admin-bind', 'unix:admin.sock'] });
  await adminUrl(server);
  t.is((await request(`unix:${server.folder.file('admin.sock')}:/livez`)).status, 200);
  t.is((await server.stop()).code, 0);
  t.false(server.folder.has('admin.sock'));
});

test('a reload takes up another address, and refuses none that cannot be had without saying so', async (t) => {
  const conf = (bind: string): string =>
    `export default { app: './app.ts', adminBind: ${JSON.stringify(bind)} };`;
  const server = await startServer(t, {
    files: { 'app.ts': APP, 'gunicorn.conf.ts': conf('127.0.0.1:0') },
  });
  const before = await adminUrl(server);
  server.folder.write('gunicorn.conf.ts', conf('unix:admin.sock'));
  server.signal('SIGHUP');
  await server.waitFor('Admin listener at: unix:');
  t.is((await request(`unix:${server.folder.file('admin.sock')}:/readyz`)).status, 200);
  await t.throwsAsync(request(before));
  server.folder.write('gunicorn.conf.ts', conf('unix:no/such/folder/admin.sock'));
  server.signal('SIGHUP');
  await server.waitFor(/adminBind: cannot listen on unix:no/);
  t.is((await request(`unix:${server.folder.file('admin.sock')}:/readyz`)).status, 200);
});

test('with shutdownDelay readiness ends first, and all is served until the stop', async (t) => {
  const server = await startServer(t, { app: APP, args: [...ADMIN, '--shutdown-delay', '1.5'] });
  const url = await adminUrl(server);
  await eventually(async () => (await probe(url, '/readyz')).status === 200);
  server.signal('SIGTERM');
  await server.waitFor('the stop begins in 1.5 s');
  const ready = await probe(url, '/readyz');
  t.is(ready.status, 503);
  t.regex(ready.text, /a stop is about to begin/);
  t.is((await probe(url, '/livez')).status, 200);
  t.is((await probe(url, '/startupz')).status, 200);
  t.is((await request(server.url)).status, 200);
  t.is((await server.exit).code, 0);
});

const asFirst =
  process.getuid?.() === 0 && spawnSync('unshare', ['-pf', 'true']).status === 0 ? test : test.skip;

asFirst('shutdownDelay is obeyed by the first process of a container', async (t) => {
  const server = await startServer(t, {
    app: APP,
    command: ['unshare', '-pf', '--mount-proc', '--kill-child', process.execPath, COMMAND],
    args: [...ADMIN, '--shutdown-delay', '1'],
  });
  // What is asked of the program that made the namespace does not go on to its first process.
  const [first = 0] = childrenOf(server.pid);
  process.kill(first, 'SIGTERM');
  await server.waitFor('the stop begins in 1 s');
  t.is((await request(server.url)).status, 200);
  t.is((await server.exit).code, 0);
});

test('clients that flood, say half a request or never read keep no probe from its answer, and no request', async (t) => {
  const server = await startServer(t, { app: APP, args: ADMIN });
  const url = new URL(await adminUrl(server));
  await eventually(async () => (await probe(url.origin, '/readyz')).status === 200);
  const sockets = Array.from({ length: 150 }, (_, index) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => {});
    socket.pause();
    socket.write(
      index % 2 === 0 ? 'GET /metr' : 'GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20),
    );
    return socket;
  });
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
  for (let count = 0; count < 20; count++) t.is((await request(server.url)).status, 200);
  t.is((await request(`${url.origin}/livez`, { timeoutMs: 10_000 })).status, 200);
  t.false(server.log().includes('ERROR'));
});

test('after USR2 the second arbiter has the address when the first one has left', async (t) => {
  const server = await startServer(t, { app: APP, args: ['--admin-bind', 'unix:admin.sock'] });
  await adminUrl(server);
  server.signal('SIGUSR2');
  await server.waitFor('Booting worker', { times: 2 });
  const target = `unix:${server.folder.file('admin.sock')}:/status.json`;
  const pidOf = async (): Promise<number> =>
    (JSON.parse((await request(target)).text) as { pid: number }).pid;
  t.is(await pidOf(), server.pid);
  await server.stop();
  await server.waitFor('Admin listener at: unix:', { times: 2 });
  t.not(await pidOf(), server.pid);
});

test('figures are read of a worker that is blocked', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: [...ADMIN, '--worker-class', 'event', '--timeout', '60'],
  });
  const url = await adminUrl(server);
  const blocked = request(`${server.url}/block?secret=1`).catch(() => {});
  await eventually(async () => (await probe(url, '/status')).text.includes('GET /block'), 'the request');
  t.is((await Metrics.of(url)).of('http_server_active_requests'), 1);
  const metrics = await Metrics.of(url);
  t.true(metrics.requests >= 1);
  t.is(metrics.of('gunicorn_workers{state="busy"}'), 1);
  const page = (await probe(url, '/status')).text;
  t.true(page.includes('GET /block'));
  t.false(page.includes('secret'));
  for (const pid of server.workers()) process.kill(pid, 'SIGKILL');
  await blocked;
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { closeSync, statSync } from 'node:fs';
import net from 'node:net';
import { openTcpListener, openUnixListener } from '@gunicorn-ts/posix';
import { COMMAND, Folder, Output, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { APP, saying } from './apps.ts';

test('several addresses are served together: IPv4, IPv6 and unix', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    bind: ['127.0.0.1:0', '[::1]:0', 'unix:app.sock'],
  });
  t.is(server.urls.length, 3);
  t.regex(server.urls[1] ?? '', /^http:\/\/\[::1\]:\d+$/);
  t.is((await request(server.urls[0] as string)).text, 'ok');
  t.is((await request(server.urls[1] as string)).text, 'ok');
  t.is((await request(`${server.urls[2]}:/`)).text, 'ok');
});

test('the umask holds for unix sockets, and the file is removed at the end', async (t) => {
  const server = await startServer(t, {
    app: saying('ok'),
    bind: ['unix:app.sock'],
    args: ['--umask', '0117'],
  });
  t.is(statSync(server.folder.file('app.sock')).mode & 0o777, 0o660);
  await server.stop();
  t.false(server.folder.has('app.sock'));
});

test('the socket file that a killed server left behind is replaced', async (t) => {
  const first = await startServer(t, { app: saying('first'), bind: ['unix:app.sock'] });
  const file = first.folder.file('app.sock');
  const workers = first.workers();
  for (const pid of [first.pid, ...workers]) process.kill(pid, 'SIGKILL');
  await first.exit;
  t.true(first.folder.has('app.sock'));
  const second = await startServer(t, { app: saying('second'), bind: [`unix:${file}`] });
  t.is((await request(`${second.url}:/`)).text, 'second');
});

test('the socket of a running server is refused', async (t) => {
  const first = await startServer(t, { app: saying('first'), bind: ['unix:app.sock'] });
  const file = first.folder.file('app.sock');
  const second = await startServer(t, { app: saying('second'), bind: [`unix:${file}`], until: 'spawned' });
  t.is((await second.exit).code, 1);
  t.is((await request(`${first.url}:/`)).text, 'first');
});

test('a file that is no socket is left alone', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { 'app.sock': 'precious' },
    bind: ['unix:app.sock'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 1);
  t.true(server.folder.has('app.sock'));
});

test('backlog is how many connections the kernel keeps for the workers', async (t) => {
  const server = await startServer(t, {
    app: 'await new Promise((resolve) => setTimeout(resolve, 60_000));',
    bind: ['unix:app.sock'],
    args: ['--backlog', '2'],
    until: 'listening',
  });
  // A full queue refuses a client of a unix socket at once, where one of TCP would try again.
  const attempts = Array.from({ length: 6 }, async () => {
    const socket = net.connect(server.folder.file('app.sock'));
    t.teardown(() => void socket.destroy());
    return once(socket, 'connect').then(
      () => 'waits',
      (error: NodeJS.ErrnoException) => error.code,
    );
  });
  // Linux lets one more in than it was asked to.
  t.deepEqual((await Promise.all(attempts)).sort(), [
    'EAGAIN',
    'EAGAIN',
    'EAGAIN',
    'waits',
    'waits',
    'waits',
  ]);
});

test('PORT gives the default address', async (t) => {
  const free = net.createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as net.AddressInfo;
  free.close();
  await once(free, 'close');
  const server = await startServer(t, { app: saying('ok'), bind: [], env: { PORT: String(port) } });
  t.is(server.url, `http://0.0.0.0:${port}`);
});

test('with reusePort each worker has a socket of its own on one address', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: ['--reuse-port', '--workers', '3', '--log-level', 'debug'],
  });
  await server.waitFor('is ready', { times: 3 });
  const seen = new Set<string>();
  for (let i = 0; i < 60; i++) seen.add((await request(server.url)).text);
  t.is(seen.size, 3);
  for (const signal of ['SIGTTIN', 'SIGTTOU', 'SIGHUP'] as const) server.signal(signal);
  t.is((await request(server.url)).status, 200);
  t.is((await server.stop()).code, 0);
});

/**
 * Starts the command with a listening socket as descriptor 3. The socket is opened without Node: a Node server in
 * this process would take connections from it.
 */
async function startWith(
  t: ExecutionContext,
  fd: number,
  args: string,
): Promise<{ child: ChildProcess; log: Output }> {
  const folder = new Folder({ 'app.ts': saying('inherited') });
  // LISTEN_PID is the pid of the process that reads it, which only a shell that execs it knows.
  const script = `export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" "$1" ${args} app.ts`;
  const child = spawn('/bin/sh', ['-c', script, process.execPath, COMMAND], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'pipe', fd],
  });
  closeSync(fd);
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
    folder.remove();
  });
  const log = new Output();
  log.collect(child.stderr as Readable);
  await log.waitFor('Booting worker');
  return { child, log };
}

test('systemd hands over its sockets by LISTEN_FDS, and its path outlives the server', async (t) => {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const path = folder.file('systemd.sock');
  const { child, log } = await startWith(t, openUnixListener({ path, backlog: 16, umask: 0 }).fd, '');
  t.regex(log.text(), /Listening at: unix:\S*systemd\.sock/);
  t.is((await request(`unix:${path}:/`)).text, 'inherited');
  child.kill('SIGTERM');
  t.deepEqual(await once(child, 'exit'), [0, null]);
  t.true(folder.has('systemd.sock'));
});

test("systemd's sockets survive a reload and an upgrade, whatever the settings bind", async (t) => {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const path = folder.file('systemd.sock');
  const { child, log } = await startWith(t, openUnixListener({ path, backlog: 16, umask: 0 }).fd, '');
  child.kill('SIGHUP');
  await log.waitFor('Worker exiting');
  t.is((await request(`unix:${path}:/`)).text, 'inherited');
  child.kill('SIGUSR2');
  const second = Number((await log.waitFor(/second arbiter started \(pid: (\d+)\)/))[1]);
  t.teardown(() => void process.kill(second, 'SIGTERM'));
  await log.waitFor(/Listening at: unix:\S*systemd\.sock/, { times: 2 });
  child.kill('SIGTERM');
  await log.waitFor('Master has been promoted.');
  t.is((await request(`unix:${path}:/`)).text, 'inherited');
});

test('bind fd://N takes an inherited socket', async (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 16 });
  const { log } = await startWith(t, fd, '--bind fd://3');
  t.regex(log.text(), new RegExp(`Listening at: http://127\\.0\\.0\\.1:${address.port} `));
  t.is((await request(`http://127.0.0.1:${address.port}`)).text, 'inherited');
});

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { Readable } from 'node:stream';
import { openUnixListener } from '@gunicorn-ts/posix';
import { COMMAND, Folder, Output, request } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { saying } from './apps.ts';

interface Activated {
  readonly log: Output;
  readonly folder: Folder;
  readonly pid: number;
  readonly exit: Promise<number | null>;
}

/** Starts a command with the server behind it, in a folder with an application. */
function start(
  t: ExecutionContext,
  command: readonly string[],
  options: { folder?: Folder; stdio?: readonly number[] } = {},
): Activated {
  const { folder = new Folder({}), stdio = [] } = options;
  folder.write('app.ts', saying('activated'));
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'pipe', ...stdio],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
    folder.remove();
    if (!t.passed) t.log(log.text());
  });
  const log = new Output();
  log.collect(child.stderr as Readable);
  return { log, folder, pid: child.pid ?? 0, exit: ended };
}

/** What `sh -c` is given: LISTEN_PID is the id of the process that reads it, which only a shell that execs it knows. */
function byHand(environment: string, args: string): string[] {
  return ['/bin/sh', '-c', `export ${environment}; exec "$0" "$1" ${args} app.ts`, process.execPath, COMMAND];
}

function listener(t: ExecutionContext): { folder: Folder; fd: number } {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  return { folder, fd: openUnixListener({ path: folder.file('web.sock'), backlog: 16, umask: 0 }).fd };
}

async function freePort(host: string): Promise<number> {
  const server = net.createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const activate = spawnSync('systemd-socket-activate', ['--version']).status === 0 ? test : test.skip;

activate(
  'sockets of TCP, IPv6 and unix are passed together, with names, by systemd-socket-activate',
  async (t) => {
    const folder = new Folder({});
    const four = `127.0.0.1:${await freePort('127.0.0.1')}`;
    const six = `[::1]:${await freePort('::1')}`;
    const path = folder.file('web.sock');
    const binds = ['--bind', four, '--bind', 'fd://six', '--bind', `unix:${path}`];
    const activation = ['-l', four, '-l', six, '-l', path, '--fdname=four:six:file'];
    const server = [process.execPath, COMMAND, ...binds, 'app.ts'];
    const { log } = start(t, ['systemd-socket-activate', ...activation, ...server], { folder });
    await log.waitFor('Listening on');
    // It starts the server when the first connection comes.
    t.is((await request(`http://${four}`)).text, 'activated');
    t.is((await request(`http://${six}`)).text, 'activated');
    t.is((await request(`unix:${path}:/`)).text, 'activated');
    t.deepEqual(log.matching(/WARNING/), []);
  },
);

test('a bind that names no socket of systemd stops the start, and says which there are', async (t) => {
  const { folder, fd } = listener(t);
  const command = byHand('LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web', '--bind fd://admin');
  const { log, exit } = start(t, command, { folder, stdio: [fd] });
  await log.waitFor(
    /Error: bind: fd:\/\/admin is none of the sockets that systemd passed: unix:\S*web\.sock \(web\)/,
  );
  t.is(await exit, 1);
});

test('a bind that names a socket needs one', async (t) => {
  const { log, exit } = start(t, [process.execPath, COMMAND, '--bind', 'fd://web', 'app.ts']);
  await log.waitFor('Error: bind: fd://web names a socket of systemd, which passed none');
  t.is(await exit, 1);
});

test('an address that no socket of systemd has is spoken of, at the start and at a reload', async (t) => {
  const { folder, fd } = listener(t);
  const command = byHand('LISTEN_PID=$$ LISTEN_FDS=1', '--bind 127.0.0.1:8999');
  const { log, pid } = start(t, command, { folder, stdio: [fd] });
  await log.waitFor(/bind: 127\.0\.0\.1:8999 is not opened, .*web\.sock; add ListenStream=/);
  t.is((await request(`unix:${folder.file('web.sock')}:/`)).text, 'activated');
  process.kill(pid, 'SIGHUP');
  await t.notThrowsAsync(log.waitFor('127.0.0.1:8999 is not opened', { times: 2 }));
});

test('the default bind is silent beside sockets of systemd', async (t) => {
  const { folder, fd } = listener(t);
  const { log } = start(t, byHand('LISTEN_PID=$$ LISTEN_FDS=1', ''), { folder, stdio: [fd] });
  await log.waitFor('Booting worker');
  t.deepEqual(log.matching(/WARNING/), []);
});

for (const [environment, found] of [
  ['LISTEN_PID=1 LISTEN_FDS=1', 'LISTEN_PID is 1'],
  ['LISTEN_FDS=1', 'LISTEN_PID is not set'],
] as const) {
  test(`sockets for another process are left alone, and that is said: ${found}`, async (t) => {
    const { folder, fd } = listener(t);
    const { log } = start(t, byHand(environment, '--bind 127.0.0.1:0'), { folder, stdio: [fd] });
    await log.waitFor(`systemd passed 1 socket(s) to another process (${found}, this is`);
    const [, url = ''] = await log.waitFor(/Listening at: (http:\S+)/);
    t.is((await request(url)).text, 'activated');
  });
}

test('a number of sockets that is none is said', async (t) => {
  const { log } = start(t, byHand('LISTEN_PID=$$ LISTEN_FDS=many', '--bind 127.0.0.1:0'));
  await t.notThrowsAsync(log.waitFor("LISTEN_FDS is 'many' and not a number of sockets, so none is used"));
  await log.waitFor('Booting worker');
});

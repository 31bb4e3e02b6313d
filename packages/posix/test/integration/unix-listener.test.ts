import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openUnixListener, type UnixListener, type UnixListenerOptions } from '../../src/index.ts';
import { greetingAt, greetingServer, temporaryPath } from './clients.ts';

function open(
  t: ExecutionContext,
  options: Pick<UnixListenerOptions, 'path'> & Partial<UnixListenerOptions>,
): UnixListener {
  const listener = openUnixListener({ backlog: 16, umask: 0, ...options });
  t.teardown(() => closeSync(listener.fd));
  return listener;
}

/** Leaves the file of a socket behind that nobody holds. */
function leaveStaleSocket(path: string): void {
  closeSync(openUnixListener({ path, backlog: 16, umask: 0 }).fd);
}

const isRoot = process.getuid?.() === 0;

test('a server of this process accepts on the descriptor', async (t) => {
  const path = temporaryPath(t);
  const { fd, address } = openUnixListener({ path, backlog: 16, umask: 0 });
  t.deepEqual(address, { kind: 'unix', path });
  await greetingServer(t, { fd }, 'here');
  t.is(await greetingAt({ path }), 'here');
});

test('a child accepts on the descriptor that it inherits through stdio', async (t) => {
  const path = temporaryPath(t);
  const { fd } = open(t, { path });
  const program = `require('node:net').createServer((s) => s.end('child')).listen({ fd: 3 }, () => console.log('ready'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit', fd] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout!, 'data');
  t.is(await greetingAt({ path }), 'child');
});

for (const umask of [0o000, 0o007, 0o077, 0o177]) {
  test(`umask ${umask.toString(8)} is left out of the file's permissions, and the process keeps its own`, (t) => {
    const before = process.umask();
    const path = temporaryPath(t);
    open(t, { path, umask });
    t.is(lstatSync(path).mode & 0o777, 0o777 & ~umask);
    t.is(process.umask(), before);
  });
}

(isRoot ? test : test.skip)('the file is given to its owner', (t) => {
  const path = temporaryPath(t);
  open(t, { path, owner: { uid: 65_534, gid: 65_533 } });
  t.like(lstatSync(path), { uid: 65_534, gid: 65_533 });
});

(isRoot ? test.skip : test)('an owner that may not be given the file leaves no file', (t) => {
  const path = temporaryPath(t);
  t.throws(() => open(t, { path, owner: { uid: 0, gid: 0 } }), { code: 'EPERM' });
  t.false(existsSync(path));
});

test('the file of a server that has died is replaced', async (t) => {
  const path = temporaryPath(t);
  leaveStaleSocket(path);
  const { fd } = openUnixListener({ path, backlog: 16, umask: 0 });
  await greetingServer(t, { fd }, 'new');
  t.is(await greetingAt({ path }), 'new');
});

test('the file of a server that lives is refused, and the server goes on', async (t) => {
  const path = temporaryPath(t);
  await greetingServer(t, { fd: openUnixListener({ path, backlog: 16, umask: 0 }).fd }, 'old');
  t.throws(() => open(t, { path }), { code: 'EADDRINUSE', message: /another process listens on it/ });
  t.is(await greetingAt({ path }), 'old');
});

test('a server that lives is recognised also when its queue is full', (t) => {
  const path = temporaryPath(t);
  open(t, { path, backlog: 0 });
  // Each attempt connects once; the queue of one is full from the second on.
  for (let attempt = 0; attempt < 3; attempt++) t.throws(() => open(t, { path }), { code: 'EADDRINUSE' });
});

test('a file that is no socket is refused and left alone', (t) => {
  const path = temporaryPath(t);
  writeFileSync(path, 'precious');
  t.throws(() => open(t, { path }), { code: 'ENOTSOCK', message: /exists and is not a socket/ });
  t.is(readFileSync(path, 'utf8'), 'precious');
});

test('a symbolic link is refused, also one to a socket that nobody holds', (t) => {
  const target = temporaryPath(t);
  const path = temporaryPath(t);
  leaveStaleSocket(target);
  symlinkSync(target, path);
  t.throws(() => open(t, { path }), { code: 'ENOTSOCK' });
  t.true(existsSync(target));
});

test('a folder that does not exist is refused', (t) => {
  const path = `${dirname(temporaryPath(t))}/missing/test.sock`;
  t.throws(() => open(t, { path }), { code: 'ENOENT', message: /the directory does not exist/ });
});

test('a path that is too long is refused before anything is opened', (t) => {
  t.throws(() => open(t, { path: temporaryPath(t, 'x'.repeat(120)) }), { code: 'ENAMETOOLONG' });
});

test('a refused listener leaves no descriptor open', (t) => {
  const path = temporaryPath(t);
  writeFileSync(path, '');
  const before = open(t, { path: temporaryPath(t) }).fd;
  // More attempts than other tests of this file open descriptors meanwhile.
  const attempts = 200;
  for (let attempt = 0; attempt < attempts; attempt++) t.throws(() => open(t, { path }));
  t.true(open(t, { path: temporaryPath(t) }).fd < before + attempts);
});

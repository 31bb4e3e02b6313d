import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import test from 'ava';
import { adoptListener, openTcpListener, openUnixListener } from '../../src/index.ts';
import { temporaryPath } from './clients.ts';

test('a TCP listener is adopted with its address', (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 16 });
  t.teardown(() => closeSync(fd));
  t.deepEqual(adoptListener(fd), address);
});

test('a unix listener is adopted with its path', (t) => {
  const { fd, address } = openUnixListener({ path: temporaryPath(t), backlog: 16, umask: 0 });
  t.teardown(() => closeSync(fd));
  t.deepEqual(adoptListener(fd), address);
});

test('a regular file is refused', (t) => {
  const fd = openSync(import.meta.filename, 'r');
  t.teardown(() => closeSync(fd));
  t.throws(() => adoptListener(fd), {
    code: 'ENOTSOCK',
    message: `getsockopt file descriptor ${fd}: it is not a socket (ENOTSOCK)`,
  });
});

test('a number that is not an open descriptor is refused', (t) => {
  t.throws(() => adoptListener(99_999), { code: 'EBADF' });
});

test('a connected socket is refused: it does not listen', (t) => {
  const program = `
    const { adoptListener } = await import(process.argv[1]);
    try { adoptListener(0); } catch (error) { console.log(error.message); }
  `;
  const index = new URL('../../src/index.ts', import.meta.url).href;
  // Standard input of a child is one end of a connected pair of unix sockets.
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program, index], {
    encoding: 'utf8',
  });
  t.is(child.stdout, 'the socket at file descriptor 0 does not listen (EINVAL)\n');
});

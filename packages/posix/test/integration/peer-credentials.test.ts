import { closeSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import {
  acceptConnection,
  connectUnix,
  openUnixListener,
  peerCredentials,
  PosixError,
} from '../../src/index.ts';
import { temporaryPath } from './clients.ts';

test('the credentials of a connection are those of the process that connected', async (t) => {
  const path = temporaryPath(t);
  const { fd } = openUnixListener({ path, backlog: 4, umask: 0 });
  t.teardown(() => closeSync(fd));
  const program = `require('node:net').connect(${JSON.stringify(path)}).on('connect', () => console.log('connected')).resume()`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const accepted = acceptConnection(fd);
  if (accepted === undefined) return t.fail('nobody connected');
  t.teardown(() => closeSync(accepted.fd));
  const { uid, gid, pid } = peerCredentials(accepted.fd);
  t.deepEqual({ uid, gid }, { uid: process.geteuid?.(), gid: process.getegid?.() });
  if (process.platform === 'linux') t.is(pid, child.pid);
});

test('a connection of this process says so', (t) => {
  const path = temporaryPath(t);
  const { fd } = openUnixListener({ path, backlog: 4, umask: 0 });
  const client = connectUnix(path);
  t.teardown(() => {
    closeSync(fd);
    closeSync(client);
  });
  t.is(peerCredentials(client).uid, process.geteuid?.() ?? -1);
});

test('what is no socket is refused by its descriptor', (t) => {
  const error = t.throws(() => peerCredentials(99_999), { instanceOf: PosixError });
  t.is(error?.code, 'EBADF');
});

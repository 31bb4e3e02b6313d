import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { PosixError, sendDatagram } from '../../src/index.ts';
import { temporaryPath } from './clients.ts';

const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
s.bind('\\0' + name[1:] if name.startswith('@') else name)
print('bound', flush=True)
for _ in range(int(sys.argv[2])): print(s.recv(65536).decode().replace('\\n', '|'), flush=True)
sys.stdin.read()
`;
const withPython = spawnSync('python3', ['-V']).status === 0 ? test : test.skip;

/** Node.js has no unix datagram sockets, so Python receives them. Reads so many, then holds the socket and is deaf. */
async function receiver(
  t: ExecutionContext,
  name: string,
  count: number,
): Promise<{ lines: AsyncIterator<string>; child: ChildProcess }> {
  const child = spawn('python3', ['-c', RECEIVER, name, String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout as Readable })[Symbol.asyncIterator]();
  t.is((await lines.next()).value, 'bound');
  return { lines, child };
}

withPython('a datagram reaches a socket with a path', async (t) => {
  const path = temporaryPath(t);
  const { lines } = await receiver(t, path, 2);
  sendDatagram(path, 'READY=1\nSTATUS=Größe');
  sendDatagram(path, 'second');
  t.is((await lines.next()).value, 'READY=1|STATUS=Größe');
  t.is((await lines.next()).value, 'second');
});

const onLinux = process.platform === 'linux' ? withPython : test.skip;

onLinux('a datagram reaches a name in the abstract namespace', async (t) => {
  const name = `@gunicorn-test-${randomUUID()}`;
  const { lines } = await receiver(t, name, 1);
  sendDatagram(name, 'READY=1');
  t.is((await lines.next()).value, 'READY=1');
});

withPython('a full queue is an error and never a wait', async (t) => {
  const path = temporaryPath(t);
  await receiver(t, path, 0);
  const error = t.throws(
    () => {
      for (let sent = 0; sent < 100_000; sent++) sendDatagram(path, 'x');
    },
    { instanceOf: PosixError },
  );
  t.true(['EAGAIN', 'ENOBUFS'].includes(error?.code ?? ''), error?.code);
});

withPython('nobody behind a socket file is an error', async (t) => {
  const path = temporaryPath(t);
  const { child } = await receiver(t, path, 1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.is(t.throws(() => sendDatagram(path, 'x'), { instanceOf: PosixError })?.code, 'ECONNREFUSED');
});

test('a socket that is not there and a name that is too long are errors', (t) => {
  const path = temporaryPath(t);
  t.is(t.throws(() => sendDatagram(path, 'x'), { instanceOf: PosixError })?.code, 'ENOENT');
  t.is(t.throws(() => sendDatagram('', 'x'), { instanceOf: PosixError })?.code, 'EINVAL');
  const long = `@${'n'.repeat(200)}`;
  const code = process.platform === 'linux' ? 'ENAMETOOLONG' : 'EAFNOSUPPORT';
  t.is(t.throws(() => sendDatagram(long, 'x'), { instanceOf: PosixError })?.code, code);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import test from 'ava';
import { openTcpListener, sendWithDescriptor } from '../../src/index.ts';

const CHILD = `
import net from 'node:net';
process.on('message', (text, handle) => {
  net.createServer((socket) => socket.end(text)).listen(handle, () => process.stdout.write('listening\\n'));
});`;

test('a process gets a listening socket with a message, and listens on it', async (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 16 });
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'json' },
  });
  t.teardown(() => void child.kill('SIGKILL'));
  const channel = child.stdio[3] as unknown as Socket & { _handle: { fd: number } };
  const { _handle: handle } = channel;
  const line = Buffer.from(`${JSON.stringify({ cmd: 'NODE_HANDLE', type: 'net.Native', msg: 'passed' })}\n`);
  t.is(sendWithDescriptor(handle.fd, line, fd), line.length);
  closeSync(fd);
  await once(child.stdout!, 'data');
  const client = connect(address.port, '127.0.0.1').setEncoding('utf8');
  t.is(String(await once(client, 'data')), 'passed');
});

test('a descriptor that is not open is refused', (t) => {
  t.throws(() => sendWithDescriptor(-1, Buffer.from('x'), 0), { code: 'EBADF' });
});

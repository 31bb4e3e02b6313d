import { closeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import test from 'ava';
import { listenQueue, openSocketPair, openTcpListener, openUnixListener } from '../../src/index.ts';
import { temporaryPath } from './clients.ts';

const linux = process.platform === 'linux' ? test : test.skip;

async function connected(target: { readonly path: string } | { readonly port: number }): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', ...target });
  await once(socket, 'connect');
  return socket;
}

linux('connections that wait at a unix socket are counted', async (t) => {
  const path = temporaryPath(t);
  const { fd } = openUnixListener({ path, backlog: 8, umask: 0 });
  t.teardown(() => closeSync(fd));
  t.deepEqual(listenQueue(fd), { waiting: 0, limit: 8, drops: undefined });
  const sockets = [await connected({ path }), await connected({ path }), await connected({ path })];
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
  t.deepEqual(listenQueue(fd), { waiting: 3, limit: 8, drops: undefined });
});

linux('connections that wait at a TCP socket are counted', async (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 8 });
  t.teardown(() => closeSync(fd));
  const sockets = [await connected({ port: address.port }), await connected({ port: address.port })];
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
  t.deepEqual(listenQueue(fd), { waiting: 2, limit: 8, drops: 0 });
});

linux('what does not listen has no queue', (t) => {
  const [one, other] = openSocketPair();
  t.teardown(() => [one, other].forEach((fd) => closeSync(fd)));
  t.is(listenQueue(one), undefined);
});

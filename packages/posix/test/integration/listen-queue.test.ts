import { closeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import test from 'ava';
import {
  admitNoMore,
  listenQueue,
  openSocketPair,
  openTcpListener,
  openUnixListener,
} from '../../src/index.ts';
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

linux('a listener that admits no more keeps who waits, and lets nobody else connect', async (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 8 });
  const early = await connected({ port: address.port });
  admitNoMore(fd);
  const late = connect({ host: '127.0.0.1', port: address.port });
  const failures = [early, late].map((socket) => once(socket, 'error') as Promise<[NodeJS.ErrnoException]>);
  // Over loopback a connection is complete when the call returns, and this one is asked for later.
  const elsewhere = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 8 });
  const other = await connected({ port: elsewhere.address.port });
  other.on('error', () => {});
  t.teardown(() => [early, late, other].forEach((socket) => socket.destroy()));
  t.is(listenQueue(fd)?.waiting, 1);
  for (const one of [fd, elsewhere.fd]) closeSync(one);
  // The system of the late one asks again after a second, and then nobody is there.
  const codes = (await Promise.all(failures)).map(([{ code }]) => code);
  t.deepEqual(codes, ['ECONNRESET', 'ECONNREFUSED']);
});

linux('a unix socket is left as it is by what stops connections over TCP', async (t) => {
  const path = temporaryPath(t);
  const { fd } = openUnixListener({ path, backlog: 8, umask: 0 });
  t.teardown(() => closeSync(fd));
  admitNoMore(fd);
  (await connected({ path })).destroy();
  t.is(listenQueue(fd)?.waiting, 1);
});

linux('what does not listen has no queue', (t) => {
  const [one, other] = openSocketPair();
  t.teardown(() => [one, other].forEach((fd) => closeSync(fd)));
  t.is(listenQueue(one), undefined);
});

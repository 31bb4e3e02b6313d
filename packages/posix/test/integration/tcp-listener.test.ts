import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readlinkSync } from 'node:fs';
import { connect, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import {
  openTcpListener,
  setListenBacklog,
  type TcpListener,
  type TcpListenerOptions,
} from '../../src/index.ts';
import { greetingAt, greetingServer } from './clients.ts';

function open(t: ExecutionContext, options: Partial<TcpListenerOptions> = {}): TcpListener {
  const listener = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 16, ...options });
  t.teardown(() => closeSync(listener.fd));
  return listener;
}

/** A process that accepts on the descriptor it inherits as number 3, and says when it does. */
const ACCEPTING_CHILD = `
  require('node:net').createServer((socket) => socket.end('child')).listen({ fd: 3 }, () => console.log('ready'));
`;

const ipv6 = Object.values(networkInterfaces()).some((entries) =>
  entries?.some(({ address }) => isIPv6(address)),
);
const isLinux = process.platform === 'linux';
const hasSs = spawnSync('ss', ['-V']).status === 0;

test('port 0 gives the port that the kernel chose', (t) => {
  const { address } = open(t);
  t.like(address, { kind: 'tcp', host: '127.0.0.1', family: 4 });
  t.true(address.port > 0);
});

test('an empty host is every IPv4 address', (t) => {
  t.is(open(t, { host: '' }).address.host, '0.0.0.0');
});

test('a server of this process accepts on the descriptor', async (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 16 });
  await greetingServer(t, { fd }, 'here');
  t.is(await greetingAt(address), 'here');
});

test('a child accepts on the descriptor that it inherits through stdio', async (t) => {
  const { fd, address } = open(t);
  const child = spawn(process.execPath, ['-e', ACCEPTING_CHILD], {
    stdio: ['ignore', 'pipe', 'inherit', fd],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout!, 'data');
  t.is(await greetingAt(address), 'child');
});

(isLinux ? test : test.skip)('a child gets no descriptor that its stdio does not name', async (t) => {
  const socket = readlinkSync(`/proc/self/fd/${open(t).fd}`);
  const child = spawn('ls', ['-l', '/proc/self/fd'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.false((await text(child.stdout)).includes(socket));
});

test('connections wait in the queue while nobody accepts, also when one acceptor has left', async (t) => {
  const { fd, address } = open(t);
  const early = text(connect(address));
  const child = spawn(process.execPath, ['-e', ACCEPTING_CHILD], {
    stdio: ['ignore', 'pipe', 'inherit', fd],
  });
  t.teardown(() => child.kill('SIGKILL'));
  t.is(await early, 'child');

  child.kill('SIGKILL');
  await once(child, 'exit');
  const late = connect(address);
  await once(late, 'connect');
  const successor = spawn(process.execPath, ['-e', ACCEPTING_CHILD], {
    stdio: ['ignore', 'pipe', 'inherit', fd],
  });
  t.teardown(() => successor.kill('SIGKILL'));
  t.is(await text(late), 'child');
});

/** More than other tests of this file open meanwhile. */
const ATTEMPTS = 200;

test('a port that is taken is refused, and the descriptor closed', (t) => {
  const { address, fd } = open(t);
  const error = t.throws(() => open(t, { port: address.port }), { code: 'EADDRINUSE' });
  t.is(error.message, `bind 127.0.0.1:${address.port}: the address is already in use (EADDRINUSE)`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) t.throws(() => open(t, { port: address.port }));
  t.true(open(t).fd < fd + ATTEMPTS);
});

test('an address that this machine does not have is refused', (t) => {
  const error = t.throws(() => open(t, { host: '192.0.2.1' }), { code: 'EADDRNOTAVAIL' });
  t.regex(error.message, /^bind 192\.0\.2\.1:0: this machine does not have that address/);
});

test('a name is refused: names are for the caller to resolve', (t) => {
  t.throws(() => open(t, { host: 'localhost' }), { code: 'EINVAL', message: /not a numeric/ });
});

test('an interface that does not exist is refused as an IPv6 zone', (t) => {
  t.throws(() => open(t, { host: 'fe80::1%nowhere0' }), { code: 'EINVAL', message: /no interface nowhere0/ });
});

test('with reusePort two sockets listen on one port, and without it a second may not join', async (t) => {
  const first = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 16, reusePort: true });
  const { port } = first.address;
  const second = openTcpListener({ host: '127.0.0.1', port, backlog: 16, reusePort: true });
  await greetingServer(t, { fd: first.fd }, 'one');
  await greetingServer(t, { fd: second.fd }, 'two');
  t.throws(() => open(t, { port }), { code: 'EADDRINUSE' });

  const greetings = await Promise.all(Array.from({ length: 64 }, () => greetingAt(first.address)));
  t.deepEqual([...new Set(greetings)].sort(), ['one', 'two']);
});

(ipv6 ? test : test.skip)(
  'an IPv6 listener is reached by its address and leaves the IPv4 port free',
  async (t) => {
    const { fd, address } = openTcpListener({ host: '::', port: 0, backlog: 16 });
    t.like(address, { kind: 'tcp', host: '::', family: 6 });
    await greetingServer(t, { fd }, 'six');
    t.is(await greetingAt({ host: '::1', port: address.port }), 'six');
    t.is(open(t, { host: '0.0.0.0', port: address.port }).address.port, address.port);
  },
);

(hasSs ? test : test.skip)('the length of the queue is the one asked for, and can be changed', (t) => {
  const { fd, address } = open(t, { backlog: 5 });
  t.is(queueLength(address.port), 5);
  setListenBacklog(fd, 9);
  t.is(queueLength(address.port), 9);
});

/** `ss` shows the length of a listening socket's queue where other sockets have their send queue. */
function queueLength(port: number): number {
  const row = execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' });
  return Number(row.trim().split(/\s+/)[2]);
}

import { existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { join, dirname } from 'node:path';
import test from 'ava';
import { Session } from '../../src/client/session.ts';
import { encodeFrame } from '../../src/protocol/frame.ts';
import { openControl } from '../../src/server/control-server.ts';
import { FakeArbiter } from './fake-arbiter.ts';

const HELP = encodeFrame({ id: 1, command: 'show config' });

async function client(path: string): Promise<Socket> {
  const socket = connect(path);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function isServed(path: string): Promise<boolean> {
  const session = await Session.open(path);
  const { pid } = await session.ask<{ pid: number }>('hello');
  session.close();
  return pid === process.pid;
}

test('a hundred clients get no more than their share, and leave the door open', async (t) => {
  const { path } = new FakeArbiter(t);
  const clients = await Promise.all(Array.from({ length: 100 }, () => client(path)));
  const refused = clients.map((socket) => once(socket, 'data').then(([data]) => String(data)));
  t.regex(await Promise.race(refused), /too many clients at a time/);
  for (const socket of clients) socket.destroy();
  const free = async (): Promise<boolean> => isServed(path).catch(() => free());
  t.true(await free());
});

test('whoever sits there in silence makes room when all places are taken', async (t) => {
  const { path } = new FakeArbiter(t);
  const clients = await Promise.all(Array.from({ length: 16 }, () => client(path)));
  const ends = clients.map((socket) => once(socket.resume(), 'close').then(() => socket));
  t.teardown(() => clients.forEach((socket) => socket.destroy()));
  const soon = async (): Promise<boolean> => isServed(path).catch(() => soon());
  t.true(await soon());
  t.is(await Promise.race(ends), clients[0]!);
});

test('a client that floods is served at a pace, and the others are served meanwhile', async (t) => {
  const { path } = new FakeArbiter(t);
  const flood = await client(path);
  let answers = 0;
  flood.on('data', (chunk: Buffer) => {
    answers += chunk.toString('latin1').split('"status":"ok"').length - 1;
  });
  flood.write(Buffer.concat(Array.from({ length: 5000 }, () => HELP)));
  await once(flood, 'data');
  t.true(await isServed(path));
  t.true(answers < 500, `${answers} answers so far`);
  flood.destroy();
});

test('half a message ends the connection after its time', async (t) => {
  const { path } = new FakeArbiter(t);
  const socket = await client(path);
  socket.resume().write(HELP.subarray(0, 10));
  await once(socket, 'close');
  t.true(await isServed(path));
});

test('a message that would be too long is refused at once', async (t) => {
  const { path } = new FakeArbiter(t);
  const socket = await client(path);
  socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
  const [data] = (await once(socket, 'data')) as [Buffer];
  t.regex(String(data), /a request has at most/);
  await once(socket, 'close');
  t.true(await isServed(path));
});

test('nonsense is answered, and does not end the connection', async (t) => {
  const { path } = new FakeArbiter(t);
  const socket = await client(path);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(7);
  socket.write(Buffer.concat([head, Buffer.from('\0\xff nope', 'latin1').subarray(0, 7)]));
  t.regex(String((await once(socket, 'data'))[0]), /not JSON/);
  socket.write(HELP);
  t.regex(String((await once(socket, 'data'))[0]), /"status":"ok"/);
  socket.destroy();
});

test('a client that never reads is let go', async (t) => {
  const { path } = new FakeArbiter(t);
  const deaf = await client(path);
  deaf.pause();
  const gone = new Promise((resolve) => deaf.once('error', resolve).once('close', resolve));
  const timer = setInterval(() => deaf.write(HELP), 1);
  t.teardown(() => clearInterval(timer));
  t.true(await isServed(path));
  await gone;
  t.pass();
});

test('the socket file is of the mode that was asked for, and goes with the server', (t) => {
  const arbiter = new FakeArbiter(t, 0o660);
  const stat = lstatSync(arbiter.path);
  t.true(stat.isSocket());
  t.is(stat.mode & 0o777, 0o660);
  arbiter.tell({ moment: 'stopped', exitCode: 0 });
  t.false(existsSync(arbiter.path));
});

test('a socket that answers is not taken over, and another file not either', (t) => {
  const { path } = new FakeArbiter(t);
  const place = { mode: 0o600, name: 'site', isSecond: false, env: {} };
  t.throws(() => openControl({ ...place, path }), {
    code: 'ERR_CONTROL_SOCKET',
    message: /another process listens/,
  });
  const file = join(dirname(path), 'file');
  writeFileSync(file, 'mine');
  t.throws(() => openControl({ ...place, path: file }), {
    code: 'ERR_CONTROL_SOCKET',
    message: /is not a socket/,
  });
  const link = join(dirname(path), 'link');
  symlinkSync(file, link);
  t.throws(() => openControl({ ...place, path: link }), { code: 'ERR_CONTROL_SOCKET' });
  mkdirSync(join(dirname(path), 'folder'));
  t.throws(() => openControl({ ...place, path: join(dirname(path), 'folder') }), {
    code: 'ERR_CONTROL_SOCKET',
  });
});

test('the second server of an upgrade has another name until the first is gone', async (t) => {
  const first = new FakeArbiter(t);
  const tell = openControl({ path: first.path, mode: 0o600, name: 'site', isSecond: true, env: {} });
  t.teardown(() => tell({ moment: 'stopped', exitCode: 0 }));
  t.true(existsSync(`${first.path}.2`));
  first.tell({ moment: 'stopped', exitCode: 0 });
  tell({ moment: 'promoted', pid: process.pid });
  t.false(existsSync(`${first.path}.2`));
  const session = await Session.open(first.path);
  await t.throwsAsync(session.ask('hello'), { message: /has not started yet/ });
  session.close();
});

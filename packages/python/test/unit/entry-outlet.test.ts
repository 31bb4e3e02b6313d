import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { LogEntry } from '@gunicorn-ts/interface';
import { eventually } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { EntryOutlet } from '../../src/entry-outlet.ts';

interface Master {
  readonly server: Server;
  readonly path: string;
}

async function makeMaster(t: ExecutionContext): Promise<Master> {
  const folder = mkdtempSync(join(tmpdir(), 'entries-'));
  const path = join(folder, 'socket');
  const server = createServer().listen(path);
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { server, path };
}

async function accept({ server }: Master): Promise<{ socket: Socket; lines: AsyncIterator<string> }> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  const reader: Interface = createInterface(socket);
  return { socket, lines: reader[Symbol.asyncIterator]() };
}

async function next(lines: AsyncIterator<string>): Promise<any> {
  return JSON.parse((await lines.next()).value as string);
}

const entry = (message: string, fields?: Record<string, unknown>): LogEntry => ({
  level: 'info',
  message,
  at: new Date(1_800_000_000_500),
  fields,
});

test('an entry says its level, text, process and moment, and that it comes for no process', async (t) => {
  const master = await makeMaster(t);
  const outlet = new EntryOutlet(master.path, 'info');
  const accepted = accept(master);
  outlet.begin(() => t.fail());
  t.true(outlet.take(entry('hello', { circular: outlet, count: 1n })));
  const { socket, lines } = await accepted;
  t.regex((await lines.next()).value as string, /^\S+ entries$/);
  const told = { number: 1, level: 'info', message: 'hello', pid: process.pid, time: 1_800_000_000.5 };
  t.deepEqual(await next(lines), told);
  socket.write('{"written": 1, "own": []}\n');
  await outlet.close();
});

test('what was not written is given back in order when the master is gone, and the next master goes on', async (t) => {
  const master = await makeMaster(t);
  const outlet = new EntryOutlet(master.path, 'info');
  const back: string[] = [];
  const accepted = accept(master);
  outlet.begin(({ message }) => back.push(message));
  for (const message of ['one', 'two', 'three']) outlet.take(entry(message));
  const first = await accepted;
  for (let count = 0; count < 4; count++) await first.lines.next();
  first.socket.write('{"written": 1, "own": []}\n');
  const again = accept(master);
  first.socket.end();
  await eventually(() => back.length === 2);
  t.deepEqual(back, ['two', 'three']);
  t.false(outlet.take(entry('while there is none')));
  const second = await again;
  await second.lines.next();
  t.true(outlet.take(entry('four')));
  t.is((await next(second.lines)).message, 'four');
  await outlet.close();
  t.deepEqual(back, ['two', 'three', 'four']);
});

test('what belongs into the own log comes back, and the level follows the loggers', async (t) => {
  const master = await makeMaster(t);
  const outlet = new EntryOutlet(master.path, 'info');
  const back: string[] = [];
  const accepted = accept(master);
  outlet.begin(({ message }) => back.push(message));
  outlet.take(entry('one'));
  const { socket } = await accepted;
  socket.write('{"level": "error"}\n{"written": 1, "own": [1]}\n');
  await outlet.written();
  t.deepEqual([back, outlet.level], [['one'], 'error']);
  socket.write('{"level": null}\n');
  await eventually(() => outlet.level === undefined);
  await outlet.close();
});

test('a master that does not read is given no more than a mebibyte', async (t) => {
  const master = await makeMaster(t);
  const outlet = new EntryOutlet(master.path, 'info');
  const accepted = accept(master);
  let returned = 0;
  outlet.begin(() => void returned++);
  const { socket } = await accepted;
  socket.pause();
  const long = 'x'.repeat(1024);
  let taken = 0;
  while (outlet.take(entry(long))) taken++;
  t.true(taken > 900 && taken < 1100, String(taken));
  outlet.settle();
  t.is(returned, taken, 'at the end of the process what the kernel did not take is given back');
  await outlet.close();
});

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import test from 'ava';
import { WorkerLines } from '../../src/worker-lines.ts';

const MIB = 2 ** 20;

interface Heard {
  readonly pipe: PassThrough;
  readonly lines: string[];
  readonly endless: number[];
}

function listen(): Heard {
  const heard = { pipe: new PassThrough(), lines: [] as string[], endless: [] as number[] };
  WorkerLines.read(heard.pipe, {
    onLine: (line) => heard.lines.push(line),
    onEndless: (mebibytes) => heard.endless.push(mebibytes),
  });
  return heard;
}

/** All of it was read, or the pipe is closed. */
async function write({ pipe }: Heard, ...chunks: readonly (string | Buffer)[]): Promise<void> {
  for (const chunk of chunks) {
    if (pipe.destroyed) return;
    await new Promise((resolve) => pipe.write(chunk, resolve));
  }
}

test('lines are put together from pieces, and parted again', async (t) => {
  const heard = listen();
  await write(heard, '{"a"', ':"\u00e4', '\u00f6"}\n{"b":2}\n{"c"', ':3}\n', '{"left');
  t.deepEqual(heard.lines, ['{"a":"\u00e4\u00f6"}', '{"b":2}', '{"c":3}']);
});

test('what has no line end is held up to a limit, and the pipe is closed', async (t) => {
  const heard = listen();
  for (let i = 0; i < 40 && heard.endless.length === 0; i++) await write(heard, Buffer.alloc(MIB, '{'));
  t.deepEqual(heard.endless, [16]);
  t.true(heard.pipe.destroyed);
  t.deepEqual(heard.lines, []);
});

test('a line that is longer than any of ours is left out, and those behind it are read', async (t) => {
  const heard = listen();
  await write(heard, '{"a":1}\n', Buffer.alloc(2 * MIB, '{'), '\n{"b":2}\n');
  t.deepEqual(heard.lines, ['{"a":1}', '{"b":2}']);
  t.deepEqual(heard.endless, []);
});

test('lines of text are nothing to parse', async (t) => {
  const heard = listen();
  await write(heard, 'hello\n\n"text"\n[1]\n');
  t.deepEqual(heard.lines, []);
});

test('whoever writes thousands of lines waits, and nothing is lost', async (t) => {
  const heard = listen();
  await write(heard, '{"n":1}\n'.repeat(2000));
  t.true(heard.pipe.isPaused());
  const read = once(heard.pipe, 'data');
  await write(heard, '{"n":2}\n');
  t.is(heard.lines.length, 2000);
  await read;
  t.is(heard.lines.length, 2001);
});

test('millions of single bytes take no more memory than they are', async (t) => {
  const heard = listen();
  const before = process.memoryUsage();
  for (let i = 0; i < 200_000; i++) heard.pipe.emit('data', Buffer.allocUnsafeSlow(1).fill(0x7b));
  const after = process.memoryUsage();
  t.true(after.arrayBuffers - before.arrayBuffers < 20 * MIB);
  heard.pipe.emit('data', Buffer.from('\n'));
  t.is(heard.lines[0]?.length, 200_000);
});

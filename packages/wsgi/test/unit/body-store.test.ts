import test from 'ava';
import { BodyStore, BodyStoreError, type RequestBody } from '../../src/index.ts';

const MEGABYTE = 1024 * 1024;

function bytesOf(body: RequestBody): Buffer {
  return Buffer.from(body.slice(0, body.length));
}

for (const size of [1, 7, 1000, 100_000]) {
  test(`a body that comes in pieces of ${size} bytes is whole, in memory and in a file`, (t) => {
    for (const length of [3 * size, 2 * MEGABYTE + 1]) {
      const whole = Buffer.alloc(length, 'abcdefghijk');
      const collector = new BodyStore(0).collect();
      for (let at = 0; at < length; at += size) collector.append(whole.subarray(at, at + size));
      const body = collector.finish();
      t.true(bytesOf(body).equals(whole), `${length} bytes`);
      body.close();
    }
  });
}

test('pieces may change after they were appended', (t) => {
  const collector = new BodyStore(0).collect();
  const piece = Buffer.from('a');
  for (const letter of 'abc') {
    piece.write(letter);
    collector.append(piece);
  }
  t.is(bytesOf(collector.finish()).toString(), 'abc');
});

test('a million pieces of a byte take about a megabyte', (t) => {
  const collector = new BodyStore(0).collect();
  const piece = Buffer.from('a');
  const before = memory();
  for (let count = 0; count < MEGABYTE; count++) collector.append(piece);
  t.true(memory() - before < 20 * MEGABYTE);
  collector.discard();
});

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('what all bodies take is counted, and given back once', (t) => {
  const store = new BodyStore(0);
  const small = store.collect();
  const large = store.collect();
  const given = store.collect();
  small.append(Buffer.alloc(10));
  large.append(Buffer.alloc(2 * MEGABYTE));
  given.append(Buffer.alloc(5));
  t.deepEqual([store.inMemory, store.spooled], [15, 2 * MEGABYTE]);
  given.discard();
  const bodies = [small.finish(), large.finish()];
  for (const body of [...bodies, ...bodies]) body.close();
  t.deepEqual([store.inMemory, store.spooled], [0, 0]);
});

test('when there is no memory left, a small body goes to a file', (t) => {
  const store = new BodyStore(0, 100);
  const first = store.collect();
  first.append(Buffer.alloc(80));
  const second = store.collect();
  for (const text of ['some ', 'x'.repeat(30)]) second.append(Buffer.from(text));
  t.deepEqual([store.inMemory, store.spooled], [80, 35]);
  t.is(bytesOf(second.finish()).toString(), `some ${'x'.repeat(30)}`);
});

test('a body beyond limitSpooledBodies is refused, and leaves room for others', (t) => {
  const store = new BodyStore(3 * MEGABYTE);
  const first = store.collect();
  const second = store.collect();
  first.append(Buffer.alloc(2 * MEGABYTE));
  const error = t.throws(() => second.append(Buffer.alloc(2 * MEGABYTE)), { instanceOf: BodyStoreError });
  t.regex(error.message, /2097152 bytes, and limitSpooledBodies allows 3145728/);
  second.discard();
  first.finish().close();
  const third = store.collect();
  t.notThrows(() => third.append(Buffer.alloc(3 * MEGABYTE)));
  third.discard();
  t.is(store.spooled, 0);
});

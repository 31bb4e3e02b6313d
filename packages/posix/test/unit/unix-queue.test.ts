import test from 'ava';
import { readUnixQueue, unixQueueRequest } from '../../src/unix-queue.ts';

/** What the kernel answers: its head, what it says of any socket, and attributes. */
function answer(
  type: number,
  ...attributes: readonly (readonly [type: number, ...words: number[]])[]
): Buffer {
  const parts = attributes.map(([kind, ...words]) => {
    const bytes = Buffer.alloc(4 + words.length * 4);
    bytes.writeUInt16LE(bytes.length, 0);
    bytes.writeUInt16LE(kind, 2);
    words.forEach((word, index) => bytes.writeUInt32LE(word, 4 + index * 4));
    return bytes;
  });
  const bytes = Buffer.concat([Buffer.alloc(32), ...parts]);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt8(10, 18);
  return bytes;
}

test('the queue is found among other attributes', (t) => {
  t.deepEqual(readUnixQueue(answer(20, [0, 7], [4, 3, 128])), { waiting: 3, limit: 128 });
});

test('a refusal, an answer without the queue and one that is cut short say nothing', (t) => {
  const good = answer(20, [4, 3, 128]);
  for (const bytes of [
    answer(2, [4, 3, 128]),
    answer(20, [0, 7]),
    answer(20),
    Buffer.alloc(3),
    Buffer.alloc(64),
  ])
    t.is(readUnixQueue(bytes), undefined);
  for (let length = 0; length < good.length; length++)
    t.is(readUnixQueue(good.subarray(0, length)), undefined);
});

test('one socket is asked for, by its inode', (t) => {
  const request = unixQueueRequest(4711);
  t.is(request.readUInt32LE(0), request.length);
  t.is(request.readUInt32LE(24), 4711);
});

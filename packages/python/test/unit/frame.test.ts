import test from 'ava';
import { frame, FrameReader, pairs, readFields } from '../../src/frame.ts';

function read(chunks: readonly Buffer[]): [string, string][] {
  const found: [string, string][] = [];
  const reader = new FrameReader((type, payload) => found.push([type, payload.toString('latin1')]));
  for (const chunk of chunks) reader.push(chunk);
  return found;
}

test('frames are found wherever the stream is cut', (t) => {
  const bytes = Buffer.concat([frame('H', '200 OK\0A\0b'), frame('E'), frame('X', 'caf\xe9')]);
  const expected = [
    ['H', '200 OK\0A\0b'],
    ['E', ''],
    ['X', 'caf\xe9'],
  ];
  t.deepEqual(read([bytes]), expected);
  t.deepEqual(read([...bytes].map((byte) => Buffer.from([byte]))), expected);
});

test('data is given as it arrives', (t) => {
  const bytes = Buffer.concat([frame('D', 'abcdef'), frame('E')]);
  t.deepEqual(read([bytes.subarray(0, 8), bytes.subarray(8)]), [
    ['D', 'abc'],
    ['D', 'def'],
    ['E', ''],
  ]);
});

test('a frame that is longer than any is refused', (t) => {
  const bytes = Buffer.from([0x48, 0xff, 0xff, 0xff, 0xff]);
  t.throws(() => read([bytes]), { message: /a frame H of 4294967295 bytes/ });
});

test('fields are a status and pairs', (t) => {
  const fields = readFields(Buffer.from('200 OK\0A\0b\0C\0d'));
  t.deepEqual(pairs(fields, 1), [
    ['A', 'b'],
    ['C', 'd'],
  ]);
  t.deepEqual(pairs(readFields(Buffer.from('204 No Content')), 1), []);
});

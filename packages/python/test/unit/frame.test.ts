import test from 'ava';
import { bodyStart, frame, FrameReader, pairs, readFields } from '../../src/frame.ts';

function read(chunks: readonly Buffer[]): [string, string, number][] {
  const found: [string, string, number][] = [];
  const reader = new FrameReader((type, payload, request) =>
    found.push([type, payload.toString('latin1'), request]),
  );
  for (const chunk of chunks) reader.push(chunk);
  return found;
}

test('frames are found wherever the stream is cut', (t) => {
  const bytes = Buffer.concat([frame('H', 7, '200 OK\0A\0b'), frame('E', 7), frame('X', 2 ** 30, 'caf\xe9')]);
  const expected = [
    ['H', '200 OK\0A\0b', 7],
    ['E', '', 7],
    ['X', 'caf\xe9', 2 ** 30],
  ];
  t.deepEqual(read([bytes]), expected as never);
  t.deepEqual(read([...bytes].map((byte) => Buffer.from([byte]))), expected as never);
});

test('data is given as it arrives, each part with its request', (t) => {
  const bytes = Buffer.concat([frame('D', 9, 'abcdef'), frame('E', 9)]);
  t.deepEqual(read([bytes.subarray(0, 12), bytes.subarray(12)]), [
    ['D', 'abc', 9],
    ['D', 'def', 9],
    ['E', '', 9],
  ]);
});

test('a frame that is longer than any is refused, before it is waited for', (t) => {
  for (const [type, length] of [
    ['H', 0xff_ff_ff_ff],
    ['H', 1024 * 1024 + 1],
    ['D', 4 * 1024 * 1024 + 1],
    ['H', 0x54_50_2f_31],
  ] as const) {
    const bytes = frame(type, 1);
    bytes.writeUInt32BE(length, 5);
    t.throws(() => read([bytes]), { message: new RegExp(`a frame "${type}" of ${length} bytes`) });
  }
});

test('a whole response that is shorter than its head is refused', (t) => {
  t.is(bodyStart(Buffer.from('\0\0\0\x02OKbody', 'latin1')), 6);
  for (const payload of ['', '\0\0\0', '\0\0\0\x04abc'])
    t.throws(() => bodyStart(Buffer.from(payload, 'latin1')), { message: /shorter than its head/ });
});

test('fields are a status and pairs', (t) => {
  const fields = readFields(Buffer.from('200 OK\0A\0b\0C\0d'));
  t.deepEqual(pairs(fields, 1), [
    ['A', 'b'],
    ['C', 'd'],
  ]);
  t.deepEqual(pairs(readFields(Buffer.from('204 No Content')), 1), []);
});

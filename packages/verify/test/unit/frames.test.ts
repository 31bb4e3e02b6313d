import test from 'ava';
import { closeCode, controlFrame, OPCODE, takeFrames } from '../../src/load/frames.ts';

test('frames are taken whole, of each of the three lengths, and what is not whole stays', (t) => {
  const short = Buffer.from([0x81, 1, 0x61]);
  const middle = Buffer.concat([Buffer.from([0x82, 126, 0x01, 0x00]), Buffer.alloc(256)]);
  const long = Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536)]);
  const { frames, rest } = takeFrames(Buffer.concat([short, middle, long, Buffer.from([0x88, 2, 0x03])]));
  t.deepEqual(
    frames.map(({ payload }) => payload.length),
    [1, 256, 65_536],
  );
  t.is(rest.length, 3);
});

test('the code of a close frame is read, and one without a code says so', (t) => {
  const [restart] = takeFrames(Buffer.from([0x88, 2, 0x03, 0xf4])).frames;
  t.is(closeCode(restart!), 1012);
  const [bare] = takeFrames(Buffer.from([0x88, 0])).frames;
  t.is(closeCode(bare!), 1005);
});

test('a control frame of a client is masked', (t) => {
  t.deepEqual([...controlFrame(OPCODE.pong, Buffer.from('a'))], [0x8a, 0x81, 0, 0, 0, 0, 0x61]);
});

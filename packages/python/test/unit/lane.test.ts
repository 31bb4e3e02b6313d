import { Socket } from 'node:net';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openWire } from '@gunicorn-ts/http-server';
import type { Logger } from '@gunicorn-ts/interface';
import { openSocketPair } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import { type ChildGoneError, StrayFrameError } from '../../src/errors.ts';
import { frame, NO_REQUEST } from '../../src/frame.ts';
import { Lane } from '../../src/lane.ts';

const silent = { error: () => {}, info: () => {}, warning: () => {}, debug: () => {} } as unknown as Logger;

interface Ends {
  readonly lane: Lane;
  readonly process: Socket;
  /** The number of the request that has begun. */
  begin(): Promise<number>;
  readonly lost: Promise<ChildGoneError>;
}

function makeEnds(t: ExecutionContext): Ends {
  const [ours, theirs] = openSocketPair();
  const process = new Socket({ fd: theirs, readable: true, writable: true });
  const lane = new Lane(openWire(ours), silent);
  const lost = new Promise<ChildGoneError>((resolve) =>
    lane.onLoss((error) => Promise.resolve(resolve(error))),
  );
  t.teardown(() => {
    lane.close();
    process.destroy();
  });
  const begin = async (): Promise<number> => {
    lane.begin({});
    lane.send('Q', 'PATH_INFO\0/');
    const [bytes] = (await once(process, 'data')) as [Buffer];
    return bytes.readUInt32BE(1);
  };
  return { lane, process, begin, lost };
}

test('a frame of another request ends the lane, before it is given to anybody', async (t) => {
  for (const wrong of [-1, 1, 1000]) {
    const { lane, process, begin, lost } = makeEnds(t);
    const number = await begin();
    process.write(frame('R', number + wrong, '\0\0\0\x02OK'));
    await t.throwsAsync(async () => lane.next(), { instanceOf: StrayFrameError });
    t.regex((await lost).message, new RegExp(`of request ${number + wrong} while request ${number}`));
    t.true(lane.closed);
  }
});

test('what comes behind the end of a response is not kept for the next request', async (t) => {
  for (const last of ['E', 'X']) {
    const { lane, process, begin, lost } = makeEnds(t);
    const number = await begin();
    process.write(Buffer.concat([frame(last, number), frame('D', number, 'of nobody')]));
    t.regex((await lost).message, /while the lane had no request/);
    await t.throwsAsync(async () => lane.next());
  }
});

test('a lane without a request takes nothing but lines for the log', async (t) => {
  const { lane, process, begin, lost } = makeEnds(t);
  process.write(frame('L', NO_REQUEST, 'ia line'));
  const number = await begin();
  process.write(frame('E', number));
  t.is((await lane.next())[0], 'E');
  process.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  t.true((await lost) instanceof StrayFrameError);
});

test('a line for the log that names a request is none', async (t) => {
  const { process, begin, lost } = makeEnds(t);
  process.write(frame('L', await begin(), 'ia line'));
  t.true((await lost) instanceof StrayFrameError);
});

test('a frame that is cut short is an end like any other', async (t) => {
  const { lane, process, begin, lost } = makeEnds(t);
  process.end(frame('R', await begin(), '\0\0\0\x02OK').subarray(0, 10));
  await t.throwsAsync(async () => lane.next(), { name: 'ChildGoneError' });
  t.false((await lost) instanceof StrayFrameError);
});

test('no two requests have the same number, on whichever lane', async (t) => {
  const lanes = [makeEnds(t), makeEnds(t)];
  const numbers = new Set<number>();
  for (let round = 0; round < 5; round++) {
    for (const { lane, process, begin } of lanes) {
      const number = await begin();
      t.false(numbers.has(number));
      numbers.add(number);
      process.write(frame('E', number));
      await lane.next();
    }
  }
});

test('what the process has sent before its end is read, also by one who was slow to take it', async (t) => {
  const { lane, process, begin } = makeEnds(t);
  const number = await begin();
  const piece = Buffer.alloc(64 * 1024);
  const pieces = 6;
  for (let count = 0; count < pieces; count++) process.write(frame('D', number, piece));
  process.end(frame('E', number));
  await once(process, 'finish');
  process.destroy();
  await once(process, 'close');
  // Longer than the lane holds: it has stopped to read meanwhile, and the kernel tells it of the end.
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  let bytes = 0;
  for (let [type, payload] = await lane.next(); type !== 'E'; [type, payload] = await lane.next()) {
    t.is(type, 'D');
    bytes += payload.length;
  }
  t.is(bytes, pieces * piece.length);
});

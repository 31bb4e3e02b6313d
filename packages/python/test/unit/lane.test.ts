import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@gunicorn-ts/interface';
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

async function makeEnds(t: ExecutionContext): Promise<Ends> {
  const folder = mkdtempSync(join(tmpdir(), 'lane-'));
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  const ours = connect(join(folder, 'socket'));
  const [process] = (await once(server, 'connection')) as [Socket];
  const lane = new Lane(ours, silent);
  const lost = new Promise<ChildGoneError>((resolve) =>
    lane.onLoss((error) => Promise.resolve(resolve(error))),
  );
  t.teardown(() => {
    lane.close();
    process.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
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
    const { lane, process, begin, lost } = await makeEnds(t);
    const number = await begin();
    process.write(frame('R', number + wrong, '\0\0\0\x02OK'));
    await t.throwsAsync(async () => lane.next(), { instanceOf: StrayFrameError });
    t.regex((await lost).message, new RegExp(`of request ${number + wrong} while request ${number}`));
    t.true(lane.closed);
  }
});

test('what comes behind the end of a response is not kept for the next request', async (t) => {
  for (const last of ['E', 'X']) {
    const { lane, process, begin, lost } = await makeEnds(t);
    const number = await begin();
    process.write(Buffer.concat([frame(last, number), frame('D', number, 'of nobody')]));
    t.regex((await lost).message, /while the lane had no request/);
    await t.throwsAsync(async () => lane.next());
  }
});

test('a lane without a request takes nothing but lines for the log', async (t) => {
  const { lane, process, begin, lost } = await makeEnds(t);
  process.write(frame('L', NO_REQUEST, 'ia line'));
  const number = await begin();
  process.write(frame('E', number));
  t.is((await lane.next())[0], 'E');
  process.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  t.true((await lost) instanceof StrayFrameError);
});

test('a line for the log that names a request is none', async (t) => {
  const { process, begin, lost } = await makeEnds(t);
  process.write(frame('L', await begin(), 'ia line'));
  t.true((await lost) instanceof StrayFrameError);
});

test('a frame that is cut short is an end like any other', async (t) => {
  const { lane, process, begin, lost } = await makeEnds(t);
  process.end(frame('R', await begin(), '\0\0\0\x02OK').subarray(0, 10));
  await t.throwsAsync(async () => lane.next(), { name: 'ChildGoneError' });
  t.false((await lost) instanceof StrayFrameError);
});

test('no two requests have the same number, on whichever lane', async (t) => {
  const lanes = [await makeEnds(t), await makeEnds(t)];
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

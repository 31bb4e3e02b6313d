import { once } from 'node:events';
import { Socket } from 'node:net';
import { openWire } from '@gunicorn-ts/http-server';
import type { AccessRecord, Logger, WsgiEnviron } from '@gunicorn-ts/interface';
import { openSocketPair } from '@gunicorn-ts/posix';
import test from 'ava';
import { PythonAccessLog } from '../../src/access-log.ts';
import { asyncHandler } from '../../src/async-handler.ts';
import { frame } from '../../src/frame.ts';
import { Lane } from '../../src/lane.ts';
import { LanePool } from '../../src/lane-pool.ts';
import { RunningRequests } from '../../src/running-requests.ts';

const silent = { error: () => {}, info: () => {}, warning: () => {}, debug: () => {} } as unknown as Logger;
const FORMAT = { accessLogFormat: '', requestIdHeader: undefined } as unknown as ConstructorParameters<
  typeof PythonAccessLog
>[0];

function recordOf(environ: WsgiEnviron): AccessRecord {
  return {
    environ: (name: string) => (environ[name] === undefined ? undefined : String(environ[name])),
    requestHeader: () => undefined,
    responseHeader: () => undefined,
  } as unknown as AccessRecord;
}

test('the process learns on the lane that the server has answered, in front of its own answer, and once', async (t) => {
  const [ours, theirs] = openSocketPair();
  const process = new Socket({ fd: theirs, readable: true, writable: true });
  const lane = new Lane(openWire(ours), silent);
  const pool = new LanePool();
  pool.join([lane]);
  t.teardown(() => {
    lane.close();
    process.destroy();
  });
  const onLoss = (): Promise<void> => Promise.resolve();
  const handler = asyncHandler({ pool, log: silent, onLoss, running: new RunningRequests() });
  const environ: WsgiEnviron = { PATH_INFO: '/' };
  const answered = handler(environ, () => () => undefined);
  const [asked] = (await once(process, 'data')) as [Buffer];
  const number = asked.readUInt32BE(1);

  const told: number[] = [];
  const access = new PythonAccessLog(FORMAT);
  const tell = (record: Readonly<Record<string, unknown>>): boolean =>
    told.push(Number(record['number'])) > 0;
  const ready = { access: { enabled: true, asked: true } };
  access.begin({ tell }, ready, (one) => pool.giveUp(one));
  t.true(access.write(recordOf(environ)));
  t.true(access.write(recordOf(environ)));
  const [word] = (await once(process, 'data')) as [Buffer];
  t.deepEqual(word, frame('A', number));
  t.deepEqual(told, [number, number]);

  process.write(frame('R', number, '\0\0\0\x02OK'));
  await answered;
  t.false(lane.closed);
  t.is(pool.take(), lane);
});

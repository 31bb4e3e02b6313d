import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import { ControlLane } from '../../src/control-lane.ts';
import { frame, NO_REQUEST } from '../../src/frame.ts';

interface Ends {
  readonly lane: ControlLane;
  readonly process: Socket;
  readonly errors: string[];
  readonly stray: Promise<void>;
}

async function makeEnds(t: ExecutionContext): Promise<Ends> {
  const folder = mkdtempSync(join(tmpdir(), 'control-'));
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  const ours = connect(join(folder, 'socket'));
  const [process] = (await once(server, 'connection')) as [Socket];
  process.on('error', () => undefined);
  t.teardown(() => {
    ours.destroy();
    process.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const errors: string[] = [];
  const log = { error: (line: string) => errors.push(line) } as unknown as Logger;
  const { promise: stray, resolve: onStray } = Promise.withResolvers<void>();
  return { lane: new ControlLane(ours, { log, onFiles: () => undefined, onStray }), process, errors, stray };
}

for (const [title, bytes, found] of [
  ['bytes that are no frame', Buffer.alloc(4096, 0xff), 'a frame "ÿ" of 4294967295 bytes'],
  ['a message that is no JSON', frame('M', NO_REQUEST, 'nope'), 'what is no message of its program'],
  ['a message without its value', frame('K', NO_REQUEST, 'null'), 'a message without a value'],
  ['a message without what it is for', frame('M', NO_REQUEST, '{}'), 'a message without its files'],
] as const) {
  test(`${title} close the lane, once, and throw nowhere`, async (t) => {
    const { lane, process, errors, stray } = await makeEnds(t);
    process.write(bytes);
    process.write(bytes);
    await stray;
    await lane.closed;
    t.is((await lane.firstWord).kind, 'silent');
    t.is(errors.length, 1);
    t.true(errors[0]?.includes(found), errors[0]);
  });
}

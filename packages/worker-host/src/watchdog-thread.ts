import { workerData } from 'node:worker_threads';
import { HangWatch } from './hang-watch.ts';
import { writeAutopsy } from './last-words.ts';
import { type StoppedThread, stopMainThread } from './stopped-thread.ts';
import type { WatchdogData } from './watchdog.ts';

/** How often is looked, in milliseconds. */
const LOOK_EVERY_MS = 150;

/*
 * The program of the watchdog thread: looks at the main thread from outside, since a main thread that
 * hangs cannot say so.
 */
const { lastWordsFd, selfReport, ...options } = workerData as WatchdogData;
const watch = new HangWatch(options, (record, accessLog) => {
  // Loaded now and not before, as the inspector is: a thread that never needs it is to cost no more than a thread does.
  import('@gunicorn-ts/logging')
    .then(({ writeAccessRecord }) => writeAccessRecord(record, accessLog))
    // A log that cannot be opened here was reported when the worker could not open it.
    .catch(() => undefined);
});

setInterval(() => {
  const stuckMs = watch.look();
  if (stuckMs !== undefined) void autopsy(stuckMs);
}, LOOK_EVERY_MS);

async function autopsy(stuckMs: number): Promise<void> {
  const write = ({ stack, selfReport: report, reason }: StoppedThread): void =>
    writeAutopsy(lastWordsFd, { stuckMs, stack, ...report, ...(reason === undefined ? {} : { reason }) });
  write(await stopMainThread(selfReport, write));
}

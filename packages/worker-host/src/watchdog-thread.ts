import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { HangWatch } from './hang-watch.ts';
import { writeAutopsy } from './last-words.ts';
import { Questions } from './questions.ts';
import { type StoppedThread, stopMainThread } from './stopped-thread.ts';
import type { WatchdogData } from './watchdog.ts';

/** How often is looked, in milliseconds. */
const LOOK_EVERY_MS = 150;
/** A main thread that answers by itself looks up at least so often, with a margin for a busy machine. */
const AWAKE_MS = 4 * LOOK_EVERY_MS;

/*
 * The program of the watchdog thread: looks at the main thread from outside, since a main thread that
 * hangs cannot say so.
 */
const { lastWordsFd, selfReport, relay, ...options } = workerData as WatchdogData;
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

listenToArbiter();

/**
 * Hears the arbiter, by the other direction of the last words: its questions, and that it is about to kill the process.
 * A main thread that waits for another process knows more than its stack, as long as it turns.
 */
function listenToArbiter(): void {
  const questions = new Questions();
  // The arbiter is gone when there is an error: this process ends soon.
  new Socket({ fd: lastWordsFd, readable: true, writable: false })
    .unref()
    .on('error', () => {})
    .on('data', (chunk: Buffer) => {
      for (const question of questions.in(chunk)) {
        if (relay !== undefined && watch.silentMs() < AWAKE_MS) relay.postMessage(question, []);
        else if (question === 'dying') void stopMainThread(`${selfReport}(true)`, () => {});
        else void autopsy(watch.silentMs(), question.asked);
      }
    });
}

async function autopsy(stuckMs: number, asked?: number): Promise<void> {
  const write = ({ stack, selfReport: report, reason }: StoppedThread): void =>
    writeAutopsy(lastWordsFd, {
      ...(asked === undefined ? {} : { asked }),
      stuckMs,
      stack,
      ...report,
      ...(reason === undefined ? {} : { reason }),
    });
  // Whoever asked waits for the whole.
  write(await stopMainThread(`${selfReport}(false)`, asked === undefined ? write : () => {}));
}

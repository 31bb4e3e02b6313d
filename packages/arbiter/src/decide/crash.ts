import { afterCrash } from '../back-off.ts';
import type { WorkerState } from '../worker-state.ts';
import type { Turn } from './turn.ts';

/** From this wait on, in milliseconds, the log says why no worker comes. */
const WORTH_A_LINE_MS = 1000;

/** A worker left, or hangs, and nobody asked for it. Counted once, when its replacement is due. */
export function noteCrash(turn: Turn, worker: WorkerState): void {
  const { now } = turn;
  const { crashes: before, target, reload } = turn.state;
  // The reload fails with it, and nothing takes its place.
  if (reload?.firstAge === worker.age) return;
  const crashes = afterCrash(before, { worker, target, now });
  turn.set({ crashes });
  const waitMs = crashes.startAfter - now;
  if (crashes.startAfter === before.startAfter || waitMs < WORTH_A_LINE_MS) return;
  turn.log(
    'warning',
    `The next worker is started in ${waitMs / 1000} s: ${crashes.failedStarts} attempts in a row ended before the worker was ready`,
  );
}

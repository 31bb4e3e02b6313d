import type { Autopsy, Worker } from '@gunicorn-ts/interface';

/** Under this name the watchdog finds the function below on `globalThis`, when it has stopped the main thread. */
export const SELF_REPORT: unique symbol = Symbol.for('@gunicorn-ts/autopsy');

/** More would not fit into the pipe that an autopsy is written to in one go. */
const MAX_REQUESTS = 50;

/** What only the main thread knows: the part of the autopsy that it states itself. */
export type SelfReport = Pick<Autopsy, 'inFlight' | 'heapUsedBytes' | 'rssBytes'>;

export function selfReport(worker: Worker): SelfReport {
  const { heapUsed, rss } = process.memoryUsage();
  return { inFlight: worker.inFlight().slice(0, MAX_REQUESTS), heapUsedBytes: heapUsed, rssBytes: rss };
}

/**
 * Lets the watchdog ask the stopped main thread, at any point of its code, what it was doing.
 * @param beforeDeath called when the arbiter is about to kill it: one that only stood still goes on
 */
export function offerSelfReport(worker: Worker, beforeDeath: () => void): void {
  const report = (isDying: boolean): string => {
    const said = JSON.stringify(selfReport(worker));
    if (isDying) beforeDeath();
    return said;
  };
  Object.defineProperty(globalThis, SELF_REPORT, { value: report, configurable: true });
}

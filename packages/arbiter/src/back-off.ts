import type { Crashes, WorkerState } from './state.ts';

/** A worker that served this long did not fail because of its start. */
const SETTLED_MS = 10_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * How long to wait after a death that nobody asked for. The first replacement starts at once; deaths in
 * a row double the wait from half a second up to thirty.
 */
export function afterCrash(crashes: Crashes, worker: Pick<WorkerState, 'readyAt'>, now: number): Crashes {
  const settled = worker.readyAt !== undefined && now - worker.readyAt >= SETTLED_MS;
  const inARow = settled ? 1 : crashes.inARow + 1;
  const delay = inARow === 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (inARow - 2));
  return { inARow, notBefore: now + delay };
}

/** Forgets crashes once every worker has settled. */
export function afterQuiet(crashes: Crashes, workers: readonly WorkerState[], now: number): Crashes {
  if (crashes.inARow === 0 || now < crashes.notBefore) return crashes;
  const settled =
    workers.length > 0 &&
    workers.every((worker) => worker.readyAt !== undefined && now - worker.readyAt >= SETTLED_MS);
  return settled ? { inARow: 0, notBefore: 0 } : crashes;
}

/** How often one worker may die, on average, before its replacement waits: once a second. */
const SECOND_MS = 1000;
/** Deaths of each worker that are replaced at once all the same. */
const BURST = 5;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** Deaths that nobody asked for; they slow down the starts that follow. Times as of the events, in milliseconds. */
export interface Crashes {
  /** Attempts in a row that ended before the worker was ready. */
  readonly failedStarts: number;
  /** When the last of them was counted: a worker that was started earlier belongs to the same attempt. */
  readonly roundSince: number;
  /** Until then those that failed are not tried again. */
  readonly startAfter: number;
  /** How many of the missing workers had served, or were asked for since: a failed start does not hold them back. */
  readonly owed: number;
  /** Runs ahead of the clock with every death of a worker that had served; see `back-off.ts`. */
  readonly paidUntil: number;
}

/** Before any death. */
export const NO_CRASHES: Crashes = { failedStarts: 0, roundSince: 0, startAfter: 0, owed: 0, paidUntil: 0 };

/** The worker that died, and how many are wanted. */
interface Death {
  readonly worker: { readonly readyAt: number | undefined; readonly startedAt: number };
  readonly target: number;
  readonly now: number;
}

/** What a death that nobody asked for does to the starts that follow. */
export function afterCrash(crashes: Crashes, { worker, target, now }: Death): Crashes {
  return worker.readyAt === undefined
    ? afterFailedStart(crashes, worker.startedAt, now)
    : afterService(crashes, target, now);
}

/**
 * A worker that served was good until something ended it, and is owed its replacement. A service must not go because
 * its workers die, and the machine must not go because they die as soon as they are ready: beyond the burst each is
 * started once a second, which no wait exceeds.
 */
function afterService(crashes: Crashes, target: number, now: number): Crashes {
  const share = SECOND_MS / Math.max(1, target);
  return {
    ...crashes,
    owed: crashes.owed + 1,
    paidUntil: Math.min(Math.max(crashes.paidUntil, now) + share, now + (BURST + 1) * SECOND_MS),
  };
}

/**
 * A worker that never became ready would fail again: each such attempt doubles the wait, from half a second up to
 * thirty. Workers that were started together count as one attempt.
 */
function afterFailedStart(crashes: Crashes, startedAt: number, now: number): Crashes {
  if (crashes.failedStarts > 0 && startedAt < crashes.roundSince) return crashes;
  const failedStarts = crashes.failedStarts + 1;
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failedStarts - 1));
  return { ...crashes, failedStarts, roundSince: now, startAfter: now + delay };
}

/** A worker became ready: whatever kept the others from it is gone. */
export function afterGoodStart(crashes: Crashes): Crashes {
  return { ...crashes, failedStarts: 0, startAfter: 0 };
}

/** A worker more is wanted: it is not one of those that failed. */
export function afterWish(crashes: Crashes, more: number): Crashes {
  return { ...crashes, owed: crashes.owed + Math.max(0, more) };
}

/** How many of the missing workers may be started now. */
export function startsAllowed(crashes: Crashes, missing: number, now: number): number {
  if (now < crashes.startAfter) return now < paceEnds(crashes) ? 0 : Math.min(missing, crashes.owed);
  return now < paceEnds(crashes) ? Math.max(0, missing - crashes.owed) : missing;
}

/** What is still owed once this many of the missing workers were started. */
export function afterStarts(crashes: Crashes, started: number, stillMissing: number): Crashes {
  const owed = Math.min(Math.max(0, crashes.owed - started), stillMissing);
  return owed === crashes.owed ? crashes : { ...crashes, owed };
}

/** Until when those that served are held back; in the past when they are not. */
export function paceEnds({ paidUntil }: Crashes): number {
  return paidUntil - BURST * SECOND_MS;
}

import type { Snapshot } from '@gunicorn-ts/metrics';

/** Whether something holds, and why not. */
export interface Verdict {
  readonly isGood: boolean;
  readonly reason: string;
}

/** What is known beside a snapshot. */
export interface HealthFacts {
  /** Whether the server has been ready once. */
  readonly wasReady: boolean;
  /** Seconds since a worker served; 0 while one does. */
  readonly unservedSeconds: number;
  /** Of the settings; 0 is no limit. */
  readonly bootTimeout: number;
}

/** After so many times `bootTimeout` without a worker, starting it anew is the better hope. */
const PATIENCE = 3;

/**
 * Whether the server should go on, or be started anew. Busy and hung workers do not count: the arbiter deals with those,
 * and a new server would have as much to do.
 */
export function liveness({ stage }: Snapshot, { unservedSeconds, bootTimeout }: HealthFacts): Verdict {
  const limit = PATIENCE * bootTimeout;
  const isLost = stage.phase === 'serving' && limit > 0 && unservedSeconds > limit;
  if (!isLost) return { isGood: true, reason: 'the arbiter lives' };
  return { isGood: false, reason: `no worker has served for ${Math.floor(unservedSeconds)} s` };
}

/** Whether requests are to be sent here. */
export function readiness({ isReady, stage, workers, target }: Snapshot): Verdict {
  const ready = workers.filter(({ condition }) => !['booting', 'draining'].includes(condition)).length;
  if (isReady) return { isGood: true, reason: `${ready} of ${target} workers serve` };
  if (stage.phase === 'withdrawing')
    return { isGood: false, reason: 'withdrawn: a stop is about to begin, or gunicorn drain was called' };
  if (stage.phase === 'stopping') return { isGood: false, reason: 'the server stops' };
  return { isGood: false, reason: 'no worker serves' };
}

/** Whether the start is over, however it goes on. */
export function startup(snapshot: Snapshot, { wasReady }: HealthFacts): Verdict {
  return wasReady ? { isGood: true, reason: 'the server has started' } : readiness(snapshot);
}

import type { Deployment } from '@gunicorn-ts/interface';

/** Seconds beyond the sum, in which the arbiter ends what would not and writes its last line. */
const MARGIN_S = 5;
/** Seconds in which everybody who sends requests has heard that a copy leaves, where nobody said another number. */
const DELAY_S = 5;

/** The seconds of a stop, one after the other. */
export interface StopPlan {
  /** Before TERM is sent at all. */
  readonly preStop: number;
  /** After TERM, while requests are still taken. */
  readonly shutdownDelay: number;
  /** For requests that are under way. */
  readonly graceful: number;
  readonly margin: number;
  /** All of it: only then may KILL follow. */
  readonly grace: number;
}

/**
 * How long a stop may take.
 * @param isBalanced whether others send requests here until they have heard of the stop, which takes them a while
 */
export function stopPlan(
  { settings, given }: Deployment,
  { preStop = 0, isBalanced }: { readonly preStop?: number; readonly isBalanced: boolean },
): StopPlan {
  const isAsked = given.includes('shutdownDelay') || preStop > 0 || !isBalanced;
  const shutdownDelay = isAsked ? settings.shutdownDelay : DELAY_S;
  const graceful = settings.gracefulTimeout;
  const grace = Math.ceil(preStop + shutdownDelay + graceful) + MARGIN_S;
  return { preStop, shutdownDelay, graceful, margin: MARGIN_S, grace };
}

import type { RequestSummary, WorkerContext, WorkerFacade } from '@gunicorn-ts/interface';
import type { Arriving } from './parking-lot.ts';

/** What happens to a request that has arrived: the application answers it, and its connection is ended. */
export interface Service {
  /** One at a time. Returns a promise only when the application makes it wait; it does not reject. */
  serve(arriving: Arriving): void | Promise<void>;
  /**
   * Gives up the request that is being waited for, and answers its client with 504. What the application still
   * says goes nowhere. Returns the request, or nothing when it has ended meanwhile.
   */
  giveUp(): RequestSummary | undefined;
  /** Breaks off what is not done, at the end of the worker's time. It is in the access log. */
  cut(): void;
  /** Resolves when everything that was answered is on its way. */
  close(): Promise<void>;
  /** The request that is being served. */
  inFlight(): readonly RequestSummary[];
}

const TARGET_LIMIT = 200;

/** @param startedAt time of `performance.now()` */
export function summary(
  request: { readonly method: string; readonly target: string },
  peer: string,
  startedAt: number,
): RequestSummary {
  const { method, target } = request;
  return {
    method,
    target: target.slice(0, TARGET_LIMIT),
    ageMs: Math.round(performance.now() - startedAt),
    peer,
  };
}

/** For hosts that know nothing of generations. */
export function facadeOf({ facade, settings, log }: WorkerContext): WorkerFacade {
  return facade ?? { pid: process.pid, ppid: process.ppid, age: 0, slot: 0, generation: 0, settings, log };
}

import type { AccessRecord, Logger, RequestSummary } from '@gunicorn-ts/interface';
import type { Arriving } from './parking-lot.ts';

/** What happens to a request that has arrived: the application answers it, and its connection is ended. */
export interface Service {
  /** One at a time. Returns a promise only when the application makes it wait. Neither throws nor rejects. */
  serve(arriving: Arriving): void | Promise<void>;
  /**
   * Gives up the request that is being waited for, and answers its client as far as it can still be answered. What
   * the application still says goes nowhere. Returns nothing when the request has ended meanwhile.
   */
  giveUp(): GivenUp | undefined;
  /** Breaks off what is not done, at the end of the worker's time. It is in the access log, as 503 when nothing was sent. */
  cut(): void;
  /** See `Worker.cutOff`. */
  cutOff(status: number): readonly AccessRecord[];
  /** Resolves when everything that was answered is on its way, and in the access log. */
  close(): Promise<void>;
  /** The request that is being served. */
  inFlight(): readonly RequestSummary[];
}

/** A request that took too long. */
export interface GivenUp {
  readonly request: RequestSummary;
  /** Who kept it waiting: an application that does not go on may be stuck, a client that does not says nothing about it. */
  readonly waitedFor: 'application' | 'reader' | 'sender';
}

const TARGET_LIMIT = 200;

const BECAUSE: Readonly<Record<GivenUp['waitedFor'], string>> = {
  application: '',
  reader: ', whose client does not read the response',
  sender: ', whose client does not send the body',
};

export function logTimeout(log: Logger, { request, waitedFor }: GivenUp): void {
  const { method, target, ageMs } = request;
  const age = `${(ageMs / 1000).toFixed(1)} s`;
  log.error(`Request timed out after ${age}: ${method} ${target}${BECAUSE[waitedFor]}`, {
    method,
    target,
    ageMs,
  });
}

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

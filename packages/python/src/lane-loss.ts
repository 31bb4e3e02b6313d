import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@gunicorn-ts/interface';
import { type ChildGoneError, StrayFrameError } from './errors.ts';

/** A process that ends closes its lanes first. One that lives so much longer has lost a lane alone. */
const LANE_ALONE_MS = 1000;

/** Called for a lane that is of no use any more. Resolves once the worker takes nothing new. */
export type OnLoss = (error: ChildGoneError) => Promise<void>;

/** The process behind the lanes, and what its worker can do about it. */
export interface LossParts {
  /** `ended` says how, in words. */
  readonly python: { readonly ended: Promise<string>; kill(): void };
  readonly pid: number;
  readonly log: Logger;
  giveUp(reason: string): void;
  /** The lanes are closed from this side. */
  isLeaving(): boolean;
}

/**
 * Deals with the end of the process, of one of its lanes, and with a lane on which something came that is no part of
 * its request: who writes there may write again, so the process is ended before a client can see it.
 */
export function watchLosses({ python, pid, log, giveUp, isLeaving }: LossParts): OnLoss {
  let isOver = false;
  const leaveBecause = (reason: string): void => {
    if (isOver || isLeaving()) return;
    isOver = true;
    giveUp(`The Python process (pid: ${pid}) ${reason}`);
  };
  const ended = python.ended.then(leaveBecause);
  let isKilled = false;
  let over: Promise<void> | undefined;
  return (error) => {
    if (isLeaving()) return Promise.resolve();
    if (error instanceof StrayFrameError && !isKilled) {
      isKilled = true;
      log.error(
        `The Python process (pid: ${pid}) sent ${error.found}: it is killed before a client gets that for a response; look for code that writes to file descriptors it did not open, or that forks without Python's os.fork`,
      );
      python.kill();
    }
    // Once: a request that the worker had in hand when it gave up is refused without a wait of its own, which would be
    // longer than the worker stays.
    over ??= Promise.race([
      ended,
      sleep(LANE_ALONE_MS).then(() => leaveBecause('closed its end of a lane, and lives')),
    ]);
    return over;
  };
}

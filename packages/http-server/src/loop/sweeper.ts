import { clock } from './clock.ts';
import { isolate } from './isolation.ts';

/** Something with deadlines, none of which is meant to the millisecond. */
export interface Swept {
  sweep(now: number): void;
}

const LONGEST_MS = 1000;
const SHORTEST_MS = 10;

/** How often deadlines are looked at, for limits of this length, in milliseconds. */
export function sweepInterval(shortestLimitMs: number): number {
  return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, shortestLimitMs / 4));
}

/** One coarse timer for all deadlines of all connections. It keeps no process alive. */
export class Sweeper {
  readonly #swept: Swept;
  #timer: NodeJS.Timeout | undefined;
  #intervalMs = Infinity;

  constructor(swept: Swept) {
    this.#swept = swept;
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** A limit of this length is to be kept from now on. Cheap when it is. */
  keep(limitMs: number): void {
    if (limitMs <= 0 || limitMs === Infinity) return;
    const interval = sweepInterval(limitMs);
    if (interval >= this.#intervalMs) return;
    this.stop();
    this.#intervalMs = interval;
    // Not in the context of the request that happens to be the first.
    isolate(this.#start, interval);
  }

  readonly #start = (intervalMs: number): void => {
    this.#timer = setInterval(() => {
      // Behind the poll: what has arrived by now is read before its connection is judged.
      setImmediate(() => this.#swept.sweep(clock.look()));
    }, intervalMs).unref();
  };

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#intervalMs = Infinity;
  }
}

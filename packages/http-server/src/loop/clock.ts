// The global of that name is looked up through a getter.
import { performance } from 'node:perf_hooks';

/**
 * The monotonic clock, read once a turn where many want the time. Milliseconds, as of `performance.now()`.
 */
class Clock {
  /** The last reading. */
  now: number = performance.now();

  look(): number {
    return (this.now = performance.now());
  }
}

export const clock: Clock = new Clock();

// The global of that name is looked up through a getter.
import { performance } from 'node:perf_hooks';

/**
 * The monotonic clock, read once where many want the time: where one request ends, the next begins.
 * Milliseconds, as of `performance.now()`.
 */
export class Clock {
  #now: number = performance.now();

  /** The last reading. */
  get now(): number {
    return this.#now;
  }

  look(): number {
    this.#now = performance.now();
    return this.#now;
  }
}

// The global of that name is looked up through a getter at each use; `node:perf_hooks`, which has it too, is much to load.
const { performance } = globalThis;

/**
 * The monotonic clock, read once a turn where many want the time. Milliseconds, as of `performance.now()`.
 */
class Clock {
  /** The last reading. */
  now: number = performance.now();
  /** The same, in whole milliseconds, never before it: kept with a connection it takes no memory of its own. */
  ms: number = Math.ceil(this.now);

  look(): number {
    const now = performance.now();
    this.now = now;
    this.ms = Math.ceil(now);
    return now;
  }
}

export const clock: Clock = new Clock();

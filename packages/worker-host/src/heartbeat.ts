import { fchmodSync } from 'node:fs';

/** Touching the file more often than this tells nobody anything: the arbiter counts in seconds. */
const TOUCH_INTERVAL_NS = 100_000_000n;

/** Milliseconds between two beats of the event loop, for a `timeout` in seconds (0: no limit). */
export function beatInterval(timeout: number): number {
  return timeout > 0 ? Math.min(1000, timeout * 500) : 1000;
}

/**
 * "I am alive", said twice: to the arbiter by the `ctime` of a shared file, which works when the
 * channel is full and survives a debugger; to the watchdog thread by a time in shared memory.
 */
export class Heartbeat {
  /** One cell: `process.hrtime.bigint()` of the last beat. Shared with the watchdog thread. */
  readonly lastBeat: BigInt64Array = new BigInt64Array(new SharedArrayBuffer(8));
  /** One cell, as above: when the main thread last looked up from a wait for another process. */
  readonly lastLook: BigInt64Array = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #fd: number;
  #mode = 0o600;
  #touchedAt = 0n;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Says to the watchdog thread alone that this one is not stuck: whom it waits for is seen to. */
  looked(): void {
    Atomics.store(this.lastLook, 0, process.hrtime.bigint());
  }

  /** Cheap enough to be called for each request by a worker that blocks the event loop. */
  beat(): void {
    const now = process.hrtime.bigint();
    Atomics.store(this.lastBeat, 0, now);
    if (now - this.#touchedAt < TOUCH_INTERVAL_NS) return;
    this.#touchedAt = now;
    // Not the bit that allows execution: a file in memory may be sealed against it.
    this.#mode ^= 0o200;
    fchmodSync(this.#fd, this.#mode);
  }
}

/** A part of the timeout, and at most this many milliseconds: the autopsy is to be there when the arbiter acts. */
const LEAD_PART = 0.1;
const LEAD_MS = 500;

/** After how many milliseconds without a beat the watchdog speaks, for a `timeout` in seconds (0: never). */
export function silenceLimit(timeout: number): number {
  if (timeout <= 0) return Infinity;
  return timeout * 1000 - Math.min(LEAD_MS, timeout * 1000 * LEAD_PART);
}

/** Tells from the times of the beats when the main thread has been silent for too long. Times are in milliseconds. */
export class Silence {
  readonly #limitMs: number;
  #lookedAt: number;
  #countsFrom: number;
  #reportedBeat = -1;

  constructor(limitMs: number, now: number) {
    this.#limitMs = limitMs;
    this.#lookedAt = now;
    this.#countsFrom = now;
  }

  /** How long the silence lasts, once for each that is too long; a beat arms it again. */
  look(now: number, lastBeat: number): number | undefined {
    // Nobody ran: the whole process was stopped (SIGSTOP, a frozen container), not stuck.
    if (now - Math.max(this.#lookedAt, lastBeat) > this.#limitMs / 2) this.#countsFrom = now;
    this.#lookedAt = now;
    const silentMs = now - Math.max(lastBeat, this.#countsFrom);
    if (silentMs < this.#limitMs || this.#reportedBeat === lastBeat) return undefined;
    this.#reportedBeat = lastBeat;
    return silentMs;
  }
}

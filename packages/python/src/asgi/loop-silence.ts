/** What is to be done about a loop: ask it for a sign of life, wait for its answer, or end it. */
type Finding = 'ask' | 'wait' | { readonly silentMs: number };

/** How long a loop has not answered. Knows no clock and no loop. */
export class LoopSilence {
  readonly #limitMs: number;
  /** When the question was put that waits for its answer. */
  #askedAt: number | undefined;
  #lookedAt: number | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  answered(): void {
    this.#askedAt = undefined;
  }

  /** How long the loop has owed an answer. */
  silentMs(now: number): number {
    return this.#askedAt === undefined ? 0 : now - this.#askedAt;
  }

  look(now: number): Finding {
    // Nobody ran: the machine was busy with others, or both were stopped. The silence is not the loop's alone.
    const wasAway = this.#lookedAt !== undefined && now - this.#lookedAt > this.#limitMs;
    this.#lookedAt = now;
    if (this.#askedAt === undefined) {
      this.#askedAt = now;
      return 'ask';
    }
    if (wasAway) this.#askedAt = now;
    const silentMs = now - this.#askedAt;
    return silentMs >= this.#limitMs ? { silentMs } : 'wait';
  }
}

/** Processor time of processes that come and go: a sum that is never less than it was. Lives in the arbiter. */
export class CpuAccount {
  readonly #living: Map<number, number> = new Map();
  #ended = 0;

  /** Of a living one, by what it is known by; nothing happens where the time is not known. */
  note(key: number, seconds: number | undefined): void {
    if (seconds === undefined) return;
    const before = this.#living.get(key) ?? 0;
    // The kernel gives process ids again.
    if (seconds < before) this.#ended += before;
    this.#living.set(key, seconds);
  }

  /** It has ended: what was last seen of it stays in the sum. */
  end(key: number): void {
    this.#ended += this.#living.get(key) ?? 0;
    this.#living.delete(key);
  }

  /** All others have ended. */
  keep(keys: ReadonlySet<number>): void {
    for (const key of this.#living.keys()) if (!keys.has(key)) this.end(key);
  }

  /** As far as it was seen before they ended. */
  get seconds(): number {
    return [...this.#living.values()].reduce((sum, each) => sum + each, this.#ended);
  }
}

/** Lets a fixed number of loops be stopped between two rounds, all of them at once. */
export class Barrier {
  readonly #parties: number;
  #waiting = 0;
  #allWait: PromiseWithResolvers<void> | undefined;
  #opened: PromiseWithResolvers<void> | undefined;

  constructor(parties: number) {
    this.#parties = parties;
  }

  /** Each loop calls this between two rounds. */
  async pass(): Promise<void> {
    if (this.#opened === undefined) return;
    this.#waiting += 1;
    if (this.#waiting === this.#parties) this.#allWait?.resolve();
    await this.#opened.promise;
    this.#waiting -= 1;
  }

  /** Closes the barrier; resolves when every loop stands before it. */
  async close(): Promise<void> {
    this.#opened ??= Promise.withResolvers();
    this.#allWait ??= Promise.withResolvers();
    await this.#allWait.promise;
  }

  open(): void {
    this.#opened?.resolve();
    this.#opened = undefined;
    this.#allWait = undefined;
  }
}

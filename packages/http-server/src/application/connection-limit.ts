export interface ConnectionLimitOptions {
  /** Connections at which `onFull` is called. */
  readonly limit: number;
  onFull(): void;
  /** Called when there is room again after `onFull`. */
  onRoom(): void;
}

/** How many connections a worker holds, and whether it may take more. */
export class ConnectionLimit {
  readonly #options: ConnectionLimitOptions;
  #held = 0;
  #isFull = false;
  #isLifted = false;

  constructor(options: ConnectionLimitOptions) {
    this.#options = options;
  }

  add(): boolean {
    this.#held++;
    if (!this.#isFull && !this.#isLifted && this.#held >= this.#options.limit) {
      this.#isFull = true;
      this.#options.onFull();
    }
    return true;
  }

  remove(): void {
    this.#held--;
    if (this.#held < this.#options.limit) this.#makeRoom();
  }

  /** From now on there is room for any number. */
  lift(): void {
    this.#isLifted = true;
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#options.onRoom();
  }
}

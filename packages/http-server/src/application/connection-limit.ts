import type { Logger } from '@gunicorn-ts/interface';

const SAID_EVERY_MS = 30_000;

export interface ConnectionLimitOptions {
  readonly log: Pick<Logger, 'warning'>;
  /** Of `performance`. */
  readonly now?: () => number;
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
  #saidAt = -Infinity;

  constructor(options: ConnectionLimitOptions) {
    this.#options = options;
  }

  add(): boolean {
    this.#held++;
    if (!this.#isFull && !this.#isLifted && this.#held >= this.#options.limit) {
      this.#isFull = true;
      this.#options.onFull();
      this.#say();
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
  /** From outside a worker that takes no more looks like one that is slow. */
  #say(): void {
    const { limit, log, now = () => performance.now() } = this.#options;
    if (now() - this.#saidAt < SAID_EVERY_MS) return;
    this.#saidAt = now();
    log.warning(
      `Taking no further connections until one of ${limit} is closed (workerConnections; open WebSockets and idle connections count): ` +
        'clients wait for another worker. Raise workerConnections or workers, or lower keepalive.',
    );
  }
}

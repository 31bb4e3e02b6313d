import type { Logger } from '@gunicorn-ts/interface';
import { DescriptorRoom } from '@gunicorn-ts/posix';

const LOOK_EVERY_MS = 100;
const SAID_EVERY_MS = 30_000;

export interface ShortageOptions {
  readonly log: Logger;
  readonly room?: DescriptorRoom;
  /** Called when connections should be left to other workers, and when they can be taken again. */
  onShort(): void;
  onRoom(): void;
}

/**
 * Stops taking connections before descriptors run out: what the application and the server itself still open must not
 * fail for connections that another worker can have.
 */
export class Shortage {
  readonly #options: ShortageOptions;
  readonly #room: DescriptorRoom;
  #timer: NodeJS.Timeout | undefined;
  #saidAt = -Infinity;

  constructor(options: ShortageOptions) {
    this.#options = options;
    this.#room = options.room ?? new DescriptorRoom();
  }

  /** @param fd of a connection that was just taken */
  look(fd: number): void {
    if (this.#timer !== undefined || !this.#room.isShort(fd)) return;
    this.#options.onShort();
    this.#say();
    this.#timer = setInterval(() => this.#lookAgain(), LOOK_EVERY_MS).unref();
  }

  /** Connections are taken no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #lookAgain(): void {
    if (this.#room.isShortNow()) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#options.onRoom();
  }

  #say(): void {
    const now = performance.now();
    if (now - this.#saidAt < SAID_EVERY_MS) return;
    this.#saidAt = now;
    this.#options.log.error(
      'Taking no connections until there is room: this process has nearly as many open files as it may (EMFILE). ' +
        'Raise its limit, by ulimit -n or LimitNOFILE= of its unit, or lower workerConnections.',
    );
  }
}

import type { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
import type { DescriptorRoom } from '@gunicorn-ts/posix';

/** How often is looked whether there are descriptors again, in milliseconds. */
const LOOK_EVERY_MS = 100;
/** How often is said that there are not, in milliseconds. */
const SAID_EVERY_MS = 30_000;

export interface ShortageOptions {
  readonly room: DescriptorRoom;
  readonly log: Logger;
  /** Called when connections should be left to other workers, and when they can be taken again. */
  onShort(): void;
  onRoom(): void;
}

/**
 * Stops taking connections before descriptors run out. libuv would take and close all that wait at that point, without
 * a word: their clients see a reset, and no other worker gets them.
 */
export class Shortage {
  readonly #options: ShortageOptions;
  #timer: NodeJS.Timeout | undefined;
  #saidAt = -Infinity;

  constructor(options: ShortageOptions) {
    this.#options = options;
  }

  /** Called for each connection that was taken. */
  look(socket: Socket): void {
    const { _handle: handle } = socket as { _handle?: { readonly fd?: number } | null };
    if (this.#timer !== undefined || !this.#options.room.isShort(handle?.fd ?? -1)) return;
    this.#options.onShort();
    this.#say();
    this.#timer = setInterval(() => this.#lookAgain(), LOOK_EVERY_MS).unref();
  }

  #lookAgain(): void {
    const { room, onRoom } = this.#options;
    if (room.isShortNow()) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    onRoom();
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

/** How often is looked, once the channel has closed, in milliseconds. */
const LOOK_EVERY_MS = 200;

/**
 * Notices that the arbiter is gone. The closed channel tells at once, but an application may close it
 * as well, with `process.disconnect()`: the parent's pid has the last word.
 */
export class ArbiterWatch {
  readonly #arbiterPid: number;
  readonly #onGone: () => void;
  #gone = false;

  constructor(arbiterPid: number, onGone: () => void) {
    this.#arbiterPid = arbiterPid;
    this.#onGone = onGone;
    if (process.connected) process.once('disconnect', () => this.#channelClosed());
    else this.#channelClosed();
  }

  /** Called once a second, too: the channel may have been closed long before. */
  look(): void {
    if (this.#gone || process.ppid === this.#arbiterPid) return;
    this.#gone = true;
    this.#onGone();
  }

  #channelClosed(): void {
    this.look();
    // The kernel closes the descriptors of a dying process before it gives its children to another.
    if (!this.#gone) setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }
}

/** How often is looked, once the channel has closed, in milliseconds. */
const LOOK_EVERY_MS = 200;

/**
 * The kernel closes the descriptors of a dying process before it gives its children to another; when this worker
 * is still its child so many milliseconds later, it lives.
 */
const DEATH_MS = 1000;

/** What the watch tells its owner, each at most once. */
export interface ArbiterNews {
  onGone(): void;
  /** The arbiter lives, but the channel to it was closed on this side: by `process.disconnect()`. */
  onCutOff(): void;
}

/** Notices that the arbiter is gone, or can no longer be spoken to. */
export class ArbiterWatch {
  readonly #arbiterPid: number;
  readonly #news: ArbiterNews;
  #gone = false;

  constructor(arbiterPid: number, news: ArbiterNews) {
    this.#arbiterPid = arbiterPid;
    this.#news = news;
    if (process.connected) process.once('disconnect', () => this.#channelClosed());
    else this.#channelClosed();
  }

  /** Called once a second, too: the application may have removed the listener above. */
  look(): void {
    if (this.#gone || process.ppid === this.#arbiterPid) return;
    this.#gone = true;
    this.#news.onGone();
  }

  #channelClosed(): void {
    this.look();
    if (this.#gone) return;
    setInterval(() => this.look(), LOOK_EVERY_MS).unref();
    setTimeout(() => {
      if (!this.#gone) this.#news.onCutOff();
    }, DEATH_MS).unref();
  }
}

import { closeSync } from 'node:fs';
import type { Listener, Logger } from '@gunicorn-ts/interface';
import { type AcceptedConnection, acceptConnection, type ReadySet } from '@gunicorn-ts/posix';

/** How long nothing is taken when the system refuses: it does so when descriptors run out, in milliseconds. */
const PAUSE_MS = 100;
/** How often is said that it does, in milliseconds. */
const SAID_EVERY_MS = 30_000;

/** A connection that was taken, and from where. */
export interface Taken {
  readonly accepted: AcceptedConnection;
  readonly listener: Listener;
}

/** Takes connections from the inherited listeners, by turns. */
export class Acceptor {
  readonly #listeners: readonly Listener[];
  readonly #log: Logger;
  readonly #ready: ReadySet;
  #next = 0;
  #left = Infinity;
  #open = true;
  #dry = false;
  #resting: NodeJS.Timeout | undefined;
  #loggedAt = -Infinity;

  /** @param ready is told to watch the listeners until {@link stop} */
  constructor(listeners: readonly Listener[], ready: ReadySet, log: Logger) {
    this.#listeners = listeners;
    this.#log = log;
    this.#ready = ready;
    this.#watch();
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether the last try found that no connection waits, or that no more may be taken. */
  get isDry(): boolean {
    return this.#dry;
  }

  /** The next connection; `undefined` when none waits, or none may be taken. */
  accept(): Taken | undefined {
    const listeners = this.#listeners;
    this.#dry = false;
    if (this.#resting !== undefined) return undefined;
    for (let tries = listeners.length; tries > 0 && this.#open && this.#left > 0; tries--) {
      const listener = listeners[this.#next]!;
      this.#next = (this.#next + 1) % listeners.length;
      const accepted = this.#acceptFrom(listener);
      if (accepted !== undefined) {
        this.#left--;
        return accepted;
      }
    }
    this.#dry = this.#resting === undefined;
    return undefined;
  }

  /** Takes so many more at the most. */
  limit(count: number): void {
    this.#left = Math.min(this.#left, count);
  }

  /** For good. What still waits is left to other workers. */
  stop(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#resting);
    for (const { fd } of this.#listeners) {
      this.#ready.forget(fd);
      closeSync(fd);
    }
  }

  #acceptFrom(listener: Listener): Taken | undefined {
    try {
      const accepted = acceptConnection(listener.fd);
      return accepted && { accepted, listener };
    } catch (error) {
      this.#refused(listener, error);
      return undefined;
    }
  }

  #watch(): void {
    for (const { fd } of this.#listeners) this.#ready.watch(fd, 'accept');
  }

  /** What waits stays in the queue, for other workers too. A listener that is watched meanwhile is ready all the time. */
  #refused(listener: Listener, error: unknown): void {
    for (const { fd } of this.#listeners) this.#ready.forget(fd);
    this.#resting = setTimeout(() => this.#goOn(), PAUSE_MS);
    const now = performance.now();
    if (now - this.#loggedAt < SAID_EVERY_MS) return;
    this.#loggedAt = now;
    this.#log.error(
      `Cannot take connections from ${listener.url}: ${(error as Error).message}. Trying again until it can.`,
    );
  }

  #goOn(): void {
    this.#resting = undefined;
    try {
      this.#watch();
    } catch (error) {
      this.#refused(this.#listeners[0]!, error);
    }
  }
}

import { closeSync } from 'node:fs';
import type { Listener, Logger } from '@gunicorn-ts/interface';
import { acceptConnection, type ReadySet } from '@gunicorn-ts/posix';
import { Connection } from './connection.ts';

/** How long nothing is taken when the system refuses: it does so when descriptors run out, in milliseconds. */
const PAUSE_MS = 100;

/** Takes connections from the inherited listeners, by turns. */
export class Acceptor {
  readonly #listeners: readonly Listener[];
  readonly #log: Logger;
  readonly #ready: ReadySet;
  #next = 0;
  #left = Infinity;
  #open = true;
  #dry = false;
  #pausedUntil = 0;
  #loggedAt = -Infinity;

  /** @param ready is told to watch the listeners until {@link stop} */
  constructor(listeners: readonly Listener[], ready: ReadySet, log: Logger) {
    this.#listeners = listeners;
    this.#log = log;
    this.#ready = ready;
    for (const { fd } of listeners) ready.watch(fd, 'accept');
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether the last try found that no connection waits, or that no more may be taken. */
  get isDry(): boolean {
    return this.#dry;
  }

  /** Milliseconds until it is worth trying again; 0 unless the system refused. */
  pause(now: number): number {
    return Math.max(0, this.#pausedUntil - now);
  }

  /** The next connection; `undefined` when none waits, or none may be taken. */
  accept(): Connection | undefined {
    const listeners = this.#listeners;
    this.#dry = false;
    for (let tries = listeners.length; tries > 0 && this.#open && this.#left > 0; tries--) {
      const listener = listeners[this.#next]!;
      this.#next = (this.#next + 1) % listeners.length;
      const accepted = this.#acceptFrom(listener);
      if (accepted !== undefined) {
        this.#left--;
        return accepted;
      }
    }
    this.#dry = this.#pausedUntil === 0 || this.pause(performance.now()) === 0;
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
    for (const { fd } of this.#listeners) {
      this.#ready.forget(fd);
      closeSync(fd);
    }
  }

  #acceptFrom(listener: Listener): Connection | undefined {
    try {
      const accepted = acceptConnection(listener.fd);
      return accepted && new Connection(accepted.fd, accepted.peer, listener);
    } catch (error) {
      this.#refused(listener, error);
      return undefined;
    }
  }

  /** At most one line a second. */
  #refused(listener: Listener, error: unknown): void {
    const now = performance.now();
    this.#pausedUntil = now + PAUSE_MS;
    if (now - this.#loggedAt < 1000) return;
    this.#loggedAt = now;
    this.#log.error(`Cannot take connections from ${listener.url}: ${(error as Error).message}`);
  }
}

import { type AcceptedConnection, acceptConnection } from '@gunicorn-ts/posix';
import { clock } from '../loop/clock.ts';
import type { ConnectionSource } from './connection-source.ts';
import { isolate } from '../loop/isolation.ts';
import { rethrowLater } from '../loop/rethrow-later.ts';
import type { DescriptorLoop, DescriptorWatcher } from '../loop/descriptor-loop.ts';

/** A listening socket, and what is done with the connections that come to it. */
export interface Listening {
  /** Non-blocking. It stays the caller's to close. */
  readonly fd: number;
  onConnection(accepted: AcceptedConnection): void;
  /** The system refused: mostly because descriptors ran out. At most once a second. */
  onRefusal(error: Error): void;
}

/** Connections that are taken in one turn: those that are here already must have theirs, and other workers a chance. */
const MOST_A_TURN = 16;
/** How long nothing is taken when the system refuses: it does so when descriptors run out, in milliseconds. */
const PAUSE_MS = 100;
const REPORT_EVERY_MS = 1000;

/**
 * Takes connections from one listening socket. Not to take them is to leave the set: then they wait in the kernel's
 * queue, where other workers find them.
 */
export class Acceptor implements ConnectionSource, DescriptorWatcher {
  readonly fd: number;
  readonly #loop: DescriptorLoop;
  readonly #listening: Listening;
  #isWatched = false;
  #isPaused = false;
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;
  #reportedAt = -Infinity;

  constructor(loop: DescriptorLoop, listening: Listening) {
    this.fd = listening.fd;
    this.#loop = loop;
    this.#listening = listening;
    this.#watch();
  }

  pause(): void {
    this.#isPaused = true;
    this.#forget();
  }

  resume(): void {
    this.#isPaused = false;
    this.#watch();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#forget();
  }

  take(most: number = MOST_A_TURN): number {
    // The descriptor may be another one's by now.
    if (this.#isStopped) return 0;
    for (let taken = 0; taken < most; taken++) {
      let accepted: AcceptedConnection | undefined;
      try {
        accepted = acceptConnection(this.fd);
      } catch (error) {
        this.#refused(error as Error);
        return taken;
      }
      if (accepted === undefined) return taken;
      // Its first request may be served at once, and is nothing to the connections behind it.
      try {
        isolate(this.#serve, accepted);
      } catch (error) {
        rethrowLater(error);
      }
      // It may have been told to stop by what it served.
      if (this.#isStopped || this.#isPaused) return taken + 1;
    }
    return most;
  }

  readonly #serve = (accepted: AcceptedConnection): void => this.#listening.onConnection(accepted);

  onReady(): void {
    this.take();
  }

  #watch(): void {
    if (this.#isWatched || this.#isPaused || this.#isStopped || this.#retry !== undefined) return;
    this.#loop.watch(this, 'accept');
    this.#isWatched = true;
  }

  #forget(): void {
    if (!this.#isWatched) return;
    this.#isWatched = false;
    this.#loop.forget(this);
  }

  /** The connection that could not be taken stays ready: to go on watching would be to spin. */
  #refused(error: Error): void {
    this.#forget();
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#watch();
    }, PAUSE_MS);
    const now = clock.look();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    this.#listening.onRefusal(error);
  }
}

import type { Logger } from '@gunicorn-ts/interface';
import { type Interest, ReadySet } from '@gunicorn-ts/posix';
import { faultOfConnection } from './errors.ts';

/** Somebody who waits for a descriptor. */
export interface Watcher {
  readonly fd: number;
  /** Time of `performance.now()` at which the patience ends. May change. */
  deadline: number;
  onReady(): void;
  onDeadline(): void;
  /** Something that serves this connection failed: ends the connection, whatever state it is in. */
  onFault(): void;
}

/** How often deadlines are looked at, in milliseconds: none is meant to the millisecond. */
const SWEEP_EVERY_MS = 250;

/**
 * Connections for which somebody waits beside the request that is being served: half a request, the rest of a
 * response, the client's farewell. What fails for one of them ends that one, and is logged: nothing here throws.
 */
export class Watch {
  readonly #set = new ReadySet();
  readonly #log: Pick<Logger, 'error'>;
  readonly #watchers = new Map<number, Watcher>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  /** Descriptor that is ready when one of those watched is. */
  get fd(): number {
    return this.#set.fd;
  }

  get size(): number {
    return this.#watchers.size;
  }

  watchers(): IterableIterator<Watcher> {
    return this.#watchers.values();
  }

  /**
   * Watches until `remove` or until the descriptor is closed, which must be told by `closed`. A descriptor has one
   * watcher, the last. One that cannot be watched (ENOSPC, ENOMEM, EBADF) gets its `onFault` before this returns.
   */
  add(watcher: Watcher, interest: Exclude<Interest, 'accept'>): void {
    this.#watchers.set(watcher.fd, watcher);
    this.#sweeper ??= setInterval(() => this.sweep(performance.now()), SWEEP_EVERY_MS).unref();
    try {
      this.#set.watch(watcher.fd, interest);
    } catch (error) {
      this.#fault(watcher, error);
    }
  }

  /** The descriptor goes on to live with somebody else. */
  remove(watcher: Watcher): void {
    if (this.closed(watcher)) this.#set.forget(watcher.fd);
  }

  /** The descriptor is closed, or is about to be. False when this was not its watcher. */
  closed(watcher: Watcher): boolean {
    if (this.#watchers.get(watcher.fd) !== watcher) return false;
    this.#watchers.delete(watcher.fd);
    if (this.#watchers.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    }
    return true;
  }

  /** Has a watcher act as if its patience had ended. */
  expire(watcher: Watcher): void {
    try {
      watcher.onDeadline();
    } catch (error) {
      this.#fault(watcher, error);
    }
  }

  /** Lets those act whose descriptors are ready now. */
  look(): void {
    if (this.#watchers.size > 0) this.#tell(this.#set.poll(0));
  }

  sweep(now: number): void {
    for (const watcher of this.#watchers.values()) if (watcher.deadline <= now) this.expire(watcher);
  }

  /** Goes on attending to the connections from the event loop until `work`, which has been begun, is done. */
  async attendUntil(work: Promise<void>): Promise<void> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
      this.#set.wake();
    });
    // Its failure is seen below, and must not count as unseen until then.
    finished.catch(() => undefined);
    const isDone = (): boolean => done;
    while (!isDone()) this.#tell(await this.#set.wait());
    await finished;
  }

  /** Ends a wait on another thread, which would keep the process from exiting. */
  wake(): void {
    this.#set.wake();
  }

  #tell(ready: readonly number[]): void {
    for (const fd of ready) {
      const watcher = this.#watchers.get(fd);
      // Nobody would ever read it, and it would be ready for ever.
      if (watcher === undefined) this.#set.forget(fd);
      else this.#attend(watcher);
    }
  }

  #attend(watcher: Watcher): void {
    try {
      watcher.onReady();
    } catch (error) {
      this.#fault(watcher, error);
    }
  }

  #fault(watcher: Watcher, error: unknown): void {
    this.#log.error(faultOfConnection(error));
    try {
      this.remove(watcher);
      watcher.onFault();
    } catch (further) {
      this.#log.error(faultOfConnection(further));
    }
  }
}

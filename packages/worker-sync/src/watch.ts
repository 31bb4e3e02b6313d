import { type Interest, ReadySet } from '@gunicorn-ts/posix';

/** Somebody who waits for a descriptor. */
export interface Watcher {
  readonly fd: number;
  /** Time of `performance.now()` at which the patience ends. May change. */
  deadline: number;
  onReady(): void;
  onDeadline(): void;
}

/** How often deadlines are looked at, in milliseconds: none is meant to the millisecond. */
const SWEEP_EVERY_MS = 250;

/**
 * Connections for which somebody waits beside the request that is being served: half a request, the rest of a
 * response, the client's farewell.
 */
export class Watch {
  readonly #set = new ReadySet();
  readonly #watchers = new Map<number, Watcher>();
  #sweeper: NodeJS.Timeout | undefined;

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

  /** Watches until `remove` or until the descriptor is closed, which must be told by `closed`. */
  add(watcher: Watcher, interest: Exclude<Interest, 'accept'>): void {
    this.#watchers.set(watcher.fd, watcher);
    this.#set.watch(watcher.fd, interest);
    this.#sweeper ??= setInterval(() => this.sweep(performance.now()), SWEEP_EVERY_MS).unref();
  }

  /** The descriptor goes on to live with somebody else. */
  remove(watcher: Watcher): void {
    if (this.closed(watcher)) this.#set.forget(watcher.fd);
  }

  /** The descriptor is closed, or is about to be. False when it was not watched. */
  closed(watcher: Watcher): boolean {
    const known = this.#watchers.delete(watcher.fd);
    if (this.#watchers.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    }
    return known;
  }

  /** Lets those act whose descriptors are ready now. */
  look(): void {
    if (this.#watchers.size > 0) this.#tell(this.#set.poll(0));
  }

  sweep(now: number): void {
    for (const watcher of this.#watchers.values()) if (watcher.deadline <= now) watcher.onDeadline();
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
    await this.#attend(() => done);
    await finished;
  }

  async #attend(isDone: () => boolean): Promise<void> {
    while (!isDone()) this.#tell(await this.#set.wait());
  }

  /** Ends a wait on another thread, which would keep the process from exiting. */
  wake(): void {
    this.#set.wake();
  }

  #tell(ready: readonly number[]): void {
    for (const fd of ready) this.#watchers.get(fd)?.onReady();
  }
}

import { type Interest, LoopWatch, ReadySet } from '@gunicorn-ts/posix';
import { clock } from './clock.ts';
import { isolate } from './isolation.ts';
import { rethrowLater } from './rethrow-later.ts';

/** Somebody who waits for a descriptor. */
export interface DescriptorWatcher {
  readonly fd: number;
  /** @param events bits of `READABLE`, `WRITABLE` and `BROKEN` */
  onReady(events: number): void;
  /**
   * Something is ready, and it may be this.
   * @returns whether it was
   */
  tryReady?(): boolean;
}

// As it was before somebody's test replaced it, whose clock stands still.
const { setImmediate } = globalThis;

/** Turns in a row that serve a guess: whoever else becomes ready meanwhile waits for so many at most. */
const MOST_GUESSES = 8;

/**
 * Descriptors that the event loop of Node watches as one: an epoll set of our own, of which libuv is told. A turn
 * serves what is ready, once; what is left over is served by the next one, after the timers and the I/O of the
 * application had theirs.
 */
export class DescriptorLoop {
  readonly #set: ReadySet;
  readonly #watch: LoopWatch;
  /** By descriptor. */
  readonly #watchers: (DescriptorWatcher | undefined)[] = [];
  /** Who alone was ready the last time; on a connection that is asked again and again, who is so the next time. */
  #single: DescriptorWatcher | undefined;
  /** The last one of those that were told. */
  #last: DescriptorWatcher | undefined;
  /** Whether that has been so twice. */
  #isLikely = false;
  #guesses = 0;
  #holds = 0;
  #isHeld = false;
  #isLettingGo = false;

  private constructor(set: ReadySet) {
    this.#set = set;
    const watch = LoopWatch.open(set.fd);
    if (watch === undefined) {
      set.close();
      throw new Error('libuv cannot be made to watch a descriptor');
    }
    this.#watch = watch;
    watch.unref();
    // In a context that is nobody's: each turn has that of the one before.
    isolate(this.#await, undefined);
  }

  static #shared: DescriptorLoop | undefined;
  static #isImpossible = false;

  /** The loop of this process; `undefined` where there can be none: without epoll, or without libuv's functions. */
  static shared(): DescriptorLoop | undefined {
    if (this.#shared !== undefined || this.#isImpossible) return this.#shared;
    // Before a set is opened: a thread of Node's warns when it closes what it has not opened itself.
    if (!LoopWatch.isPossible) {
      this.#isImpossible = true;
      return undefined;
    }
    try {
      this.#shared = new DescriptorLoop(new ReadySet());
    } catch {
      this.#isImpossible = true;
    }
    return this.#shared;
  }

  /** Descriptor that is ready when one of those watched is. */
  get fd(): number {
    return this.#set.fd;
  }

  /** Serves what is ready now, without the event loop. */
  look(): void {
    clock.look();
    this.#last = undefined;
    const isSingle = this.#set.look(this.#tell) === 1;
    this.#isLikely = isSingle && this.#last !== undefined && this.#last === this.#single;
    this.#single = isSingle ? this.#last : undefined;
    this.#guesses = 0;
  }

  /** @throws {PosixError} ENOSPC when the user watches too many */
  watch(watcher: DescriptorWatcher, interest: Interest): void {
    this.#set.watch(watcher.fd, interest);
    this.#watchers[watcher.fd] = watcher;
  }

  change(watcher: DescriptorWatcher, interest: Exclude<Interest, 'accept'>): void {
    this.#set.change(watcher.fd, interest);
  }

  /** The descriptor goes on to live with somebody else. */
  forget(watcher: DescriptorWatcher): void {
    this.#watchers[watcher.fd] = undefined;
    this.#set.forget(watcher.fd);
  }

  /** The descriptor is about to be closed, and then leaves the set by itself. */
  closing(watcher: DescriptorWatcher): void {
    if (this.#watchers[watcher.fd] === watcher) this.#watchers[watcher.fd] = undefined;
  }

  /** While somebody holds it, the process stays alive. */
  hold(): void {
    this.#holds++;
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#watch.ref();
  }

  /** Takes effect in a moment: where connections come and go one after the other, mostly not at all. */
  release(): void {
    if (--this.#holds > 0 || this.#isLettingGo) return;
    this.#isLettingGo = true;
    setImmediate(this.#letGo);
  }

  readonly #letGo = (): void => {
    this.#isLettingGo = false;
    if (this.#holds > 0) return;
    this.#isHeld = false;
    this.#watch.unref();
  };

  /**
   * Looks at the next turn of the event loop, behind its poll. An immediate that keeps nothing alive lets the loop wait in
   * the poll; that it is there before anything comes spares what comes a callback from C and an immediate of its own.
   */
  readonly #await = (): void => void setImmediate(this.#turn).unref();

  readonly #turn = (): void => {
    try {
      if (this.#watch.takeReady() && !(this.#isLikely && this.#guess())) this.look();
    } finally {
      // Behind the answers that it has had sent: their clients need not wait for it.
      this.#await();
    }
  };

  /** Spares the question to the kernel who is ready: what is left over has it ask for the next turn. */
  #guess(): boolean {
    const watcher = this.#single;
    if (watcher?.tryReady === undefined || this.#watchers[watcher.fd] !== watcher) return false;
    if (this.#guesses++ === MOST_GUESSES) return false;
    clock.look();
    guessed.watcher = watcher;
    guessed.hasHit = false;
    call(tryWatcher, guessed);
    return guessed.hasHit;
  }

  readonly #tell = (fd: number, events: number): void => {
    const watcher = this.#watchers[fd];
    if (watcher === undefined) return;
    this.#last = watcher;
    told.watcher = watcher;
    told.events = events;
    call(tellWatcher, told);
  };
}

/** Used for one call at a time, so that a turn makes no objects. */
const told: { watcher: DescriptorWatcher | undefined; events: number } = { watcher: undefined, events: 0 };
const guessed: { watcher: DescriptorWatcher | undefined; hasHit: boolean } = {
  watcher: undefined,
  hasHit: false,
};

function tellWatcher({ watcher, events }: typeof told): void {
  watcher!.onReady(events);
}

function tryWatcher(guess: typeof guessed): void {
  guess.hasHit = guess.watcher!.tryReady!();
}

/** What comes out of one of them is an uncaught exception of the process, and nothing to the others. */
function call<A>(work: (argument: A) => void, argument: A): void {
  try {
    isolate(work, argument);
  } catch (error) {
    rethrowLater(error);
  }
}

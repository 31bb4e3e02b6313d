import {
  addressOf,
  type ForeignCallback,
  foreignCallback,
  type LibraryFunction,
  libraryFunction,
} from './system-calls.ts';

/** Of `enum uv_handle_type` and `enum uv_poll_event`: the same in every version of libuv 1. */
const UV_POLL = 8;
const UV_READABLE = 1;

interface Calls {
  readonly loop: bigint;
  readonly handleBytes: number;
  readonly init: LibraryFunction;
  readonly start: LibraryFunction;
  readonly stop: LibraryFunction;
  readonly close: LibraryFunction;
  readonly ref: LibraryFunction;
  readonly unref: LibraryFunction;
}

let loaded: Calls | undefined;
let isMissing = false;

/** Node exports the functions of libuv for addons. A build that hides them has none of this. */
function calls(): Calls | undefined {
  if (loaded !== undefined || isMissing) return loaded;
  try {
    loaded = {
      loop: BigInt(libraryFunction('uintptr_t uv_default_loop()')()),
      handleBytes: Number(libraryFunction('size_t uv_handle_size(int type)')(UV_POLL)),
      init: libraryFunction('int uv_poll_init(uintptr_t loop, uintptr_t handle, int fd)'),
      start: libraryFunction('int uv_poll_start(uintptr_t handle, int events, uintptr_t callback)'),
      stop: libraryFunction('int uv_poll_stop(uintptr_t handle)'),
      close: libraryFunction('void uv_close(uintptr_t handle, uintptr_t callback)'),
      ref: libraryFunction('void uv_ref(uintptr_t handle)'),
      unref: libraryFunction('void uv_unref(uintptr_t handle)'),
    };
  } catch {
    isMissing = true;
  }
  return loaded;
}

/** Handles that libuv knows: their memory must neither move nor be collected before libuv has let go of it. */
const living = new Set<LoopWatch>();

/**
 * Has the event loop of Node watch one descriptor, without a thread and without an object of Node's. Together with
 * a {@link ReadySet} this is how the loop watches thousands: it sees the one that stands for them.
 */
export class LoopWatch {
  readonly #calls: Calls;
  readonly #handle: bigint;
  readonly #memory: Buffer;
  readonly #ready: ForeignCallback;
  readonly #closed: ForeignCallback;
  #isOpen = true;

  private constructor(known: Calls, fd: number, onReady: () => void) {
    this.#calls = known;
    // Not from Node's pool, whose memory is shared.
    this.#memory = Buffer.allocUnsafeSlow(known.handleBytes).fill(0);
    this.#ready = foreignCallback(['void *', 'int', 'int'], onReady);
    this.#closed = foreignCallback(['void *'], () => this.#letGo());
    this.#handle = addressOf(this.#memory);
    if (known.init(known.loop, this.#handle, fd) !== 0) {
      this.#ready.free();
      this.#closed.free();
      throw new Error(`uv_poll_init refused file descriptor ${fd}`);
    }
    living.add(this);
    known.start(this.#handle, UV_READABLE, this.#ready.address);
  }

  /**
   * Begins to watch.
   * @param onReady is called in each turn of the loop in which the descriptor is readable. It must do no more than
   * `setImmediate`: the callbacks of Node run within scopes of Node's, and this one does not. It must not throw.
   * @returns `undefined` where it cannot be done: in a worker thread, whose loop is another one, and where Node's
   * libuv is hidden
   */
  static open(fd: number, onReady: () => void): LoopWatch | undefined {
    if (!process.getBuiltinModule('node:worker_threads').isMainThread) return undefined;
    const known = calls();
    if (known === undefined) return undefined;
    try {
      return new LoopWatch(known, fd, onReady);
    } catch {
      return undefined;
    }
  }

  /** The process stays alive while this is open; so it is at first. */
  ref(): void {
    if (this.#isOpen) this.#calls.ref(this.#handle);
  }

  unref(): void {
    if (this.#isOpen) this.#calls.unref(this.#handle);
  }

  /** Ends the watching. The descriptor may be closed right after. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#calls.stop(this.#handle);
    this.#calls.close(this.#handle, this.#closed.address);
  }

  #letGo(): void {
    // The callback itself must outlive its call.
    setImmediate(() => {
      living.delete(this);
      this.#ready.free();
      this.#closed.free();
    });
  }
}

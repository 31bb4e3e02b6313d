import { addressOf, type LibraryFunction, libraryFunction, symbolAddress } from './system-calls.ts';

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
  /** Address of `uv_handle_set_data`. */
  readonly note: bigint;
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
      note: symbolAddress('uv_handle_set_data'),
    };
  } catch {
    isMissing = true;
  }
  return loaded;
}

/** Handles that libuv knows: their memory must neither move nor be collected before libuv has let go of it. */
const living = new Set<LoopWatch>();

/** In the first word of a handle, where a status of libuv's, 0 or below, takes its place. */
const UNTOLD = 1;

/**
 * Has the event loop of Node watch one descriptor, without a thread and without an object of Node's. Together with
 * a {@link ReadySet} this is how the loop watches thousands: it sees the one that stands for them.
 *
 * What libuv calls is no JavaScript, which would cost more than the reading of a request: it is libuv's own
 * `uv_handle_set_data(handle, data)`, whose second argument then is the status of the poll. So the first word of the
 * handle, which is the user's, tells that the descriptor was readable, and whoever wants to know looks there behind the
 * poll: in a `setImmediate`.
 */
export class LoopWatch {
  readonly #calls: Calls;
  readonly #handle: bigint;
  readonly #memory: Buffer;
  readonly #word: Int32Array;
  #isOpen = true;

  private constructor(known: Calls, fd: number) {
    this.#calls = known;
    // Not from Node's pool, whose memory is shared.
    this.#memory = Buffer.allocUnsafeSlow(known.handleBytes).fill(0);
    this.#word = new Int32Array(this.#memory.buffer, this.#memory.byteOffset, 1);
    this.#handle = addressOf(this.#memory);
    if (known.init(known.loop, this.#handle, fd) !== 0) {
      throw new Error(`uv_poll_init refused file descriptor ${fd}`);
    }
    living.add(this);
    this.#word[0] = UNTOLD;
    known.start(this.#handle, UV_READABLE, known.note);
  }

  /** Not in a worker thread, whose loop is another one, and not where Node's libuv is hidden. */
  static get isPossible(): boolean {
    return process.getBuiltinModule('node:worker_threads').isMainThread && calls() !== undefined;
  }

  /**
   * Begins to watch.
   * @returns `undefined` where it cannot be done
   */
  static open(fd: number): LoopWatch | undefined {
    const known = this.isPossible ? calls() : undefined;
    if (known === undefined) return undefined;
    try {
      return new LoopWatch(known, fd);
    } catch {
      return undefined;
    }
  }

  /** Whether the descriptor was readable in a poll since this was last asked. */
  takeReady(): boolean {
    if (this.#word[0] === UNTOLD) return false;
    this.#word[0] = UNTOLD;
    return true;
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
    this.#calls.close(this.#handle, 0);
    // libuv lets go of handles at the end of a turn: that one is over in the next immediate but one.
    setImmediate(() => setImmediate(() => living.delete(this)));
  }
}

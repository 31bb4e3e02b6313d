import { closeSync } from 'node:fs';
import { constants as system } from 'node:os';
import { PosixError, systemCallError } from './errors.ts';
import { FixedBuffer } from './fixed-buffer.ts';
import { lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

const { EEXIST, ENOENT, EBADF } = system.errno;
const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CTL_MOD = 3;
const EPOLLIN = 0x001;
const EPOLLOUT = 0x004;
const EPOLLERR = 0x008;
const EPOLLHUP = 0x010;
const EPOLLRDHUP = 0x2000;
const EPOLLEXCLUSIVE = 1 << 28;
const EFD_NONBLOCK = 0o4000;
const EFD_CLOEXEC = 0o2000000;

/** Descriptors that one look reports at most; those left over are reported by the next one. */
const MOST_EVENTS = 64;
/** The kernel packs `struct epoll_event` on x86 alone. */
const PACKED = process.arch === 'x64' || process.arch === 'ia32';
const EVENT_BYTES = PACKED ? 12 : 16;
const DATA_OFFSET = PACKED ? 4 : 8;
/** The same in words of 4 bytes. */
const EVENT_WORDS = EVENT_BYTES / 4;
const DATA_WORD = DATA_OFFSET / 4;

/**
 * What a descriptor is watched for. `accept` wakes one of the processes that wait, and not all. `none` still tells
 * of a connection that broke.
 */
export type Interest = 'read' | 'write' | 'both' | 'none' | 'accept';

/** What can be done with a descriptor, as bits. A connection that broke can be read: the reading says how. */
export const READABLE = 1;
export const WRITABLE = 2;
export const BROKEN = 4;

const INTERESTS: Readonly<Record<Interest, number>> = {
  read: EPOLLIN | EPOLLRDHUP,
  write: EPOLLOUT,
  both: EPOLLIN | EPOLLRDHUP | EPOLLOUT,
  none: 0,
  accept: EPOLLIN | EPOLLEXCLUSIVE,
};

interface Calls {
  readonly epoll_create1: LibraryFunction;
  readonly epoll_ctl: LibraryFunction;
  readonly epoll_wait: LibraryFunction;
  readonly eventfd: LibraryFunction;
  readonly read: LibraryFunction;
  readonly write: LibraryFunction;
}

let loaded: Calls | undefined;

function calls(): Calls {
  if (process.platform !== 'linux') {
    throw new PosixError('ENOSYS', 'epoll_create1', 'epoll_create1: only Linux has it (ENOSYS)');
  }
  loaded ??= {
    epoll_create1: libraryFunction('int epoll_create1(int flags)'),
    epoll_ctl: libraryFunction('int epoll_ctl(int set, int operation, int fd, uintptr_t event)'),
    epoll_wait: libraryFunction('int epoll_wait(int set, uintptr_t events, int most, int timeout)'),
    eventfd: libraryFunction('int eventfd(unsigned int value, int flags)'),
    read: libraryFunction('intptr_t read(int fd, uintptr_t bytes, uintptr_t length)'),
    write: libraryFunction('intptr_t write(int fd, uintptr_t bytes, uintptr_t length)'),
  };
  return loaded;
}

/**
 * Descriptors of which one wants to know when something can be done with them: an epoll set. It can be
 * waited for on this thread, which stops everything else, or on another one. A descriptor that is closed
 * leaves the set by itself. Linux only.
 */
export class ReadySet {
  readonly #calls: Calls;
  /** Can be watched itself: it is ready when one of its descriptors is. */
  readonly fd: number;
  readonly #alarm: number = -1;
  readonly #events: FixedBuffer = new FixedBuffer(MOST_EVENTS * EVENT_BYTES);
  /** The same, as the words that the kernel has written. */
  readonly #words: Int32Array = new Int32Array(
    this.#events.bytes.buffer,
    this.#events.bytes.byteOffset,
    MOST_EVENTS * EVENT_WORDS,
  );
  readonly #change: FixedBuffer = new FixedBuffer(EVENT_BYTES);
  readonly #counter: FixedBuffer = new FixedBuffer(8);
  #waiting = false;

  /**
   * @param waits whether `wait` may be called: who is to be woken needs a descriptor, which is not to be had any more
   * when they are short
   * @throws {PosixError} EMFILE, ENFILE; ENOSYS where there is no epoll
   */
  constructor({ waits = false }: { readonly waits?: boolean } = {}) {
    this.#calls = calls();
    this.fd = checked('epoll_create1', this.#calls.epoll_create1(EPOLL_CLOEXEC));
    if (!waits) return;
    this.#alarm = checked('eventfd', this.#calls.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    this.watch(this.#alarm, 'read');
  }

  /**
   * Watches for this from now on, and for nothing else. Who watches what is known to the kernel alone: a copy of that
   * here would be wrong as soon as somebody closes a descriptor.
   * @throws {PosixError} EEXIST when a listener is watched already, which the kernel does not let one change;
   * ENOSPC when the user watches too many, ENOMEM, EBADF
   */
  watch(fd: number, interest: Interest): void {
    const events = INTERESTS[interest];
    if (this.#control(EPOLL_CTL_ADD, fd, events)) return;
    if (lastErrno() === EEXIST && interest !== 'accept' && this.#control(EPOLL_CTL_MOD, fd, events)) return;
    throw failed('epoll_ctl', fd);
  }

  /** As {@link watch}, for what is known to be watched, which spares a call. Not for `accept`. */
  change(fd: number, interest: Exclude<Interest, 'accept'>): void {
    if (!this.#control(EPOLL_CTL_MOD, fd, INTERESTS[interest])) throw failed('epoll_ctl', fd);
  }

  /** Watches no longer. A descriptor that was closed, or was not watched, is as good as forgotten. */
  forget(fd: number): void {
    if (this.#control(EPOLL_CTL_DEL, fd, 0)) return;
    const errno = lastErrno();
    if (errno !== ENOENT && errno !== EBADF) throw failed('epoll_ctl', fd);
  }

  /**
   * Looks what is ready, and waits for it on this thread.
   * @param timeoutMs how long at most; 0 does not wait
   * @returns the descriptors that are ready, none when there are none in time
   */
  poll(timeoutMs: number): readonly number[] {
    return this.#read(this.#calls.epoll_wait(this.fd, this.#events.address, MOST_EVENTS, timeoutMs));
  }

  /**
   * Looks what is ready, without waiting. At most 64 are told, and the others the next time.
   * @param tell is given a descriptor, and what can be done with it
   * @returns how many were told
   */
  look(tell: (fd: number, events: number) => void): number {
    const count = this.#calls.epoll_wait(this.fd, this.#events.address, MOST_EVENTS, 0);
    const words = this.#words;
    for (let index = 0; index < count; index++) {
      const at = index * EVENT_WORDS;
      const came = words[at]!;
      const broken = (came & (EPOLLERR | EPOLLHUP)) === 0 ? 0 : BROKEN | READABLE;
      const readable = (came & (EPOLLIN | EPOLLRDHUP)) === 0 ? 0 : READABLE;
      tell(words[at + DATA_WORD]!, broken | readable | ((came & EPOLLOUT) === 0 ? 0 : WRITABLE));
    }
    return count;
  }

  /**
   * Waits on a thread of the pool until something is ready or {@link wake} is called. One wait at a time, and only of a
   * set that was made for it: another one could not be woken.
   */
  wait(): Promise<readonly number[]> {
    if (this.#alarm === -1) throw new TypeError('a set that is waited for is made with { waits: true }');
    return new Promise((resolve, reject) => {
      this.#waiting = true;
      this.#calls.epoll_wait.async(
        this.fd,
        this.#events.address,
        MOST_EVENTS,
        -1,
        (error: Error | null, count: number) => {
          this.#waiting = false;
          // The error number belongs to the other thread. A signal is the only cause there can be.
          if (error !== null) reject(error);
          else resolve(this.#read(Math.max(count, 0)));
        },
      );
    });
  }

  /** Ends a wait. A thread that waits would also keep the process from exiting. */
  wake(): void {
    if (!this.#waiting) return;
    this.#counter.bytes.writeBigUInt64LE(1n);
    this.#calls.write(this.#alarm, this.#counter.address, 8);
  }

  /** Must not be called during a wait. */
  close(): void {
    closeSync(this.fd);
    if (this.#alarm !== -1) closeSync(this.#alarm);
  }

  #read(count: number): readonly number[] {
    if (count <= 0) return NOTHING;
    const ready: number[] = [];
    for (let at = DATA_OFFSET; count > 0; at += EVENT_BYTES, count--) {
      const fd = this.#events.bytes.readInt32LE(at);
      if (fd === this.#alarm) this.#calls.read(this.#alarm, this.#counter.address, 8);
      else ready.push(fd);
    }
    return ready;
  }

  #control(operation: number, fd: number, events: number): boolean {
    this.#change.bytes.writeUInt32LE(events, 0);
    this.#change.bytes.writeInt32LE(fd, DATA_OFFSET);
    return this.#calls.epoll_ctl(this.fd, operation, fd, this.#change.address) === 0;
  }
}

const NOTHING: readonly number[] = [];

function checked(name: string, returned: number): number {
  if (returned !== -1) return returned;
  throw systemCallError(name, lastErrno(), '');
}

function failed(name: string, fd: number): PosixError {
  return systemCallError(name, lastErrno(), `file descriptor ${fd}`);
}

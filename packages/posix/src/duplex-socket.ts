import { constants as system } from 'node:os';
import { systemCallError } from './errors.ts';
import { FixedBuffer } from './fixed-buffer.ts';
import { limitWaits } from './stream-socket.ts';
import { constants, lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

const { EAGAIN, EINTR } = system.errno;
const POLLIN = 1;
const POLLOUT = 4;

interface Calls {
  readonly recv: LibraryFunction;
  readonly send: LibraryFunction;
  readonly sendBytes: LibraryFunction;
  readonly poll: LibraryFunction;
}

let loaded: Calls | undefined;

function calls(): Calls {
  loaded ??= {
    recv: libraryFunction('intptr_t recv(int fd, uintptr_t bytes, uintptr_t length, int flags)'),
    send: libraryFunction('intptr_t send(int fd, uintptr_t bytes, uintptr_t length, int flags)'),
    sendBytes: libraryFunction('intptr_t send(int fd, const void *bytes, uintptr_t length, int flags)'),
    poll: libraryFunction('int poll(uintptr_t descriptors, unsigned long count, int timeout)'),
  };
  return loaded;
}

/** How often whoever waits looks up from it, in milliseconds. */
const LOOK_EVERY_MS = 150;

/**
 * A socket on which this thread waits, and everything else in it with it. The descriptor must be a blocking one.
 */
export class DuplexSocket {
  readonly #fd: number;
  readonly #calls: Calls;
  readonly #request: FixedBuffer = new FixedBuffer(8);
  readonly #dontWait: number;
  readonly #onWaiting: () => void;

  /** @param onWaiting called again and again while a call waits, at least five times a second */
  constructor(fd: number, onWaiting: () => void) {
    this.#fd = fd;
    this.#onWaiting = onWaiting;
    // By the kernel: to ask before each call whether it would wait costs as much as the call.
    limitWaits(fd, LOOK_EVERY_MS);
    this.#calls = calls();
    this.#dontWait = constants().MSG_DONTWAIT;
  }

  /**
   * Waits for bytes and reads them.
   * @param at where in the buffer they are put
   * @returns their number, 0 at the end of the stream
   * @throws {PosixError} ECONNRESET and others
   */
  receive(into: FixedBuffer, at: number): number {
    const { recv } = this.#calls;
    const address = into.address + at;
    for (;;) {
      const count = recv(this.#fd, address, into.bytes.length - at, 0);
      if (count >= 0) return count;
      this.#waitOn('recv');
    }
  }

  /**
   * Reads what has arrived, without waiting.
   * @returns the number of bytes, 0 at the end of the stream, or `undefined` when nothing has
   */
  receiveNow(into: FixedBuffer, at: number): number | undefined {
    const count = this.#calls.recv(this.#fd, into.address + at, into.bytes.length - at, this.#dontWait);
    if (count >= 0) return count;
    if (lastErrno() === EAGAIN) return undefined;
    this.#checkErrno('recv');
    return undefined;
  }

  /**
   * Sends all of it, and waits while the peer does not read.
   * @throws {PosixError} EPIPE, ECONNRESET and others
   */
  send(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(this.#send(rest, 0));
  }

  /**
   * Sends the beginning of a buffer, all of it. Cheaper than {@link send}, see {@link FixedBuffer}.
   * @throws {PosixError} EPIPE, ECONNRESET and others
   */
  sendFixed(from: FixedBuffer, length: number): void {
    const { send } = this.#calls;
    for (let sent = 0; sent < length;) {
      const count = send(this.#fd, from.address + sent, length - sent, 0);
      if (count >= 0) sent += count;
      else this.#waitOn('send');
    }
  }

  /**
   * Sends as much as can be sent until the peer has something to say: whoever sends much and does not listen
   * would wait for ever for a peer that does the same.
   * @returns how much was sent: less than all of it when there is something to read
   */
  sendUnlessReadable(bytes: Uint8Array): number {
    let sent = 0;
    for (;;) {
      sent += this.#send(bytes.subarray(sent), this.#dontWait);
      if (sent === bytes.length) return sent;
      if ((this.#poll(POLLIN | POLLOUT) & POLLOUT) === 0) return sent;
    }
  }

  #send(bytes: Uint8Array, flags: number): number {
    const { sendBytes } = this.#calls;
    for (;;) {
      const count = sendBytes(this.#fd, bytes, bytes.length, flags);
      if (count >= 0) return count;
      if (flags !== 0 && lastErrno() === EAGAIN) return 0;
      this.#waitOn('send');
    }
  }

  /** The events that came: something to read is told alone, an end of the stream or an error counts as that. */
  #poll(events: number): number {
    const { bytes, address } = this.#request;
    bytes.writeInt32LE(this.#fd, 0);
    bytes.writeInt16LE(events, 4);
    for (let count = 0; count <= 0;) {
      count = this.#calls.poll(address, 1, LOOK_EVERY_MS);
      if (count < 0) this.#checkErrno('poll');
      else if (count === 0) this.#onWaiting();
    }
    const came = bytes.readInt16LE(6);
    return (came & ~POLLOUT) === 0 ? came : came & ~POLLOUT;
  }

  /** Nothing could be done for a while, or a signal came. */
  #waitOn(name: string): void {
    if (lastErrno() === EAGAIN) this.#onWaiting();
    else this.#checkErrno(name);
  }

  #checkErrno(name: string): void {
    const errno = lastErrno();
    if (errno !== EINTR) throw systemCallError(name, errno, `file descriptor ${this.#fd}`);
  }
}

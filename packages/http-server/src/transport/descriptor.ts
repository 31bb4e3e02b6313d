import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  BROKEN,
  closeDescriptor,
  FixedBuffer,
  type Interest,
  type Peer,
  READABLE,
  receive,
  shutdownWrite,
  transmitBytes,
  WOULD_BLOCK,
  WRITABLE,
} from '@gunicorn-ts/posix';
import { clock } from '../loop/clock.ts';
import type { DescriptorLoop, DescriptorWatcher } from '../loop/descriptor-loop.ts';
import type { LocalAddress, Transport, TransportOwner } from './transport.ts';
import { resetError } from './errors.ts';
import { type StoreOwner, writeStore } from './write-store.ts';

/** Enough for nearly every request in one read. */
const INBOX_BYTES = 64 * 1024;
/** What a client may send after its last response before it is cut off. */
const LINGER_BYTES = 256 * 1024;

let shared: FixedBuffer | undefined;

function inbox(): FixedBuffer {
  return (shared ??= new FixedBuffer(INBOX_BYTES));
}

/** An accepted connection that is a descriptor and nothing else. */
export interface AcceptedDescriptor {
  readonly fd: number;
  readonly peer: Peer;
  readonly local: LocalAddress;
}

/** Bytes that go straight from and to a descriptor. */
export class DescriptorTransport implements Transport, DescriptorWatcher, StoreOwner {
  readonly fd: number;
  readonly peer: Peer;
  readonly local: LocalAddress;
  readonly secure = false;
  isClosed = false;
  isEnded = false;
  lastRead: number = clock.now;
  lastWrite: number = clock.now;
  bytesRead = 0;
  bytesWritten = 0;
  readonly #loop: DescriptorLoop;
  owner: TransportOwner | undefined;
  #isHolding = false;
  /** What the set was told; `undefined` before the connection is in it. */
  #interest: Interest | undefined;
  #isReading = true;
  #isFinishing = false;
  #lingerLeft = LINGER_BYTES;
  #isShut = false;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(loop: DescriptorLoop, { fd, peer, local }: AcceptedDescriptor) {
    this.#loop = loop;
    this.fd = fd;
    this.peer = peer;
    this.local = local;
  }

  /** Reads what came with the connection: a short one is over before the loop has heard of it. */
  start(): void {
    this.ref();
    this.#read();
    if (!this.isClosed) this.#watch();
  }

  get pending(): number {
    return this.#waitingBytes;
  }

  text(text: string): void {
    if (this.#refuses()) return;
    const store = writeStore();
    if (this.#waitingBytes === 0 && text.length <= store.room(this)) store.latin1(text);
    else this.bytes(Buffer.from(text, 'latin1'));
  }

  utf8(text: string): void {
    if (this.#refuses()) return;
    const store = writeStore();
    if (this.#waitingBytes === 0 && text.length * 3 <= store.room(this)) store.utf8(text);
    else this.bytes(Buffer.from(text));
  }

  bytes(bytes: Uint8Array): void {
    if (this.#refuses() || bytes.length === 0) return;
    const store = writeStore();
    if (this.#waitingBytes === 0 && bytes.length <= store.room(this)) {
      store.bytes(bytes);
      return;
    }
    this.flush();
    if (this.isClosed) return;
    const rest = this.#waitingBytes === 0 ? this.#transmit(bytes) : bytes;
    if (rest !== undefined) this.#wait(rest);
  }

  flush(): void {
    const store = writeStore();
    const length = store.held(this);
    if (length === 0) return;
    if (this.isClosed) {
      store.drop(this);
      return;
    }
    this.lastWrite = clock.look();
    this.bytesWritten += length;
    let rest: Buffer | undefined;
    try {
      rest = store.send(this);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    if (rest !== undefined) this.#wait(rest);
  }

  /** Costs nothing until something arrives. */
  pause(): void {
    this.#isReading = false;
  }

  resume(): void {
    if (this.#isReading || this.isEnded) return;
    this.#isReading = true;
    if (this.#interest !== undefined) this.#watch();
  }

  finish(mayLinger = false): void {
    if (this.isClosed || this.#isFinishing) return;
    this.flush();
    this.#isFinishing = true;
    this.#isShut = !mayLinger;
    if (!this.isClosed && this.#waitingBytes === 0) this.#endSending();
  }

  destroy(error?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    writeStore().drop(this);
    this.#loop.closing(this);
    closeDescriptor(this.fd);
    this.unref();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.owner?.onClose(error);
  }

  ref(): void {
    if (this.#isHolding || this.isClosed) return;
    this.#isHolding = true;
    this.#loop.hold();
  }

  unref(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#loop.release();
  }

  release(): Duplex {
    this.flush();
    const waiting = this.#waiting;
    this.isClosed = true;
    this.unref();
    if (this.#interest !== undefined) this.#loop.forget(this);
    const socket = new Socket({ fd: this.fd, readable: true, writable: true, allowHalfOpen: true });
    for (const bytes of waiting) socket.write(bytes);
    return socket;
  }

  onReady(events: number): void {
    if ((events & WRITABLE) !== 0 && this.#waitingBytes > 0) this.#sendWaiting();
    if (this.isClosed) return;
    if ((events & BROKEN) !== 0 && (!this.#isReading || this.isEnded)) this.destroy(resetError());
    else if ((events & READABLE) === 0) return;
    // Something came while nobody wants it: from now on the loop need not say so.
    else if (this.#isReading && !this.isEnded) this.#read();
    else this.#watch();
  }

  #refuses(): boolean {
    return this.isClosed || this.#isFinishing;
  }

  #read(): void {
    const buffer = inbox();
    let length: number;
    try {
      length = receive(this.fd, buffer);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    if (length === WOULD_BLOCK) return;
    this.lastRead = clock.now;
    if (this.#isFinishing) this.#linger(length);
    else if (length === 0) {
      this.isEnded = true;
      if (this.#interest !== undefined) this.#watch();
      this.owner?.onEnd();
    } else {
      this.bytesRead += length;
      this.owner?.onData(buffer.bytes, length);
    }
  }

  /** Sends the end. To close with unread bytes would reset the connection, and the reset can overtake the response. */
  #endSending(): void {
    if (this.isEnded) {
      this.destroy();
      return;
    }
    if (this.#isShut) {
      this.#isShut = false;
      // Nearly always nothing is there.
      if (this.#isUnread()) shutdownWrite(this.fd);
      else if (!this.isClosed) this.destroy();
    } else {
      shutdownWrite(this.fd);
    }
    if (this.isClosed) return;
    this.#isReading = true;
    this.#watch();
  }

  #isUnread(): boolean {
    try {
      const length = receive(this.fd, inbox());
      if (length > 0) return true;
    } catch {
      // It is closed next.
    }
    return false;
  }

  #linger(length: number): void {
    this.#lingerLeft -= length;
    if (this.#lingerLeft <= 0) this.destroy();
    if (length > 0 || this.isClosed) return;
    this.isEnded = true;
    // It may still be reading.
    if (this.#waitingBytes === 0) this.destroy();
    else this.#watch();
  }

  #sendWaiting(): void {
    this.lastWrite = clock.now;
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0]!;
      const rest = this.#transmit(first);
      if (this.isClosed) return;
      this.#waitingBytes -= first.length - (rest?.length ?? 0);
      if (rest !== undefined) {
        this.#waiting[0] = rest;
        return;
      }
      this.#waiting.shift();
    }
    this.#watch();
    if (this.#isFinishing) this.#endSending();
    else this.owner?.onDrain();
  }

  /** What is left when the kernel takes no more. */
  #transmit(bytes: Uint8Array): Uint8Array | undefined {
    let rest = bytes;
    try {
      while (rest.length > 0) {
        const sent = transmitBytes(this.fd, rest);
        if (sent === WOULD_BLOCK) return rest;
        this.bytesWritten += sent;
        rest = rest.subarray(sent);
      }
    } catch (error) {
      this.destroy(error as Error);
    }
    return undefined;
  }

  #wait(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#interest !== undefined) this.#watch();
  }

  #watch(): void {
    const reads = this.#isReading && !this.isEnded;
    const writes = this.#waitingBytes > 0;
    const interest: Exclude<Interest, 'accept'> = reads
      ? writes
        ? 'both'
        : 'read'
      : writes
        ? 'write'
        : 'none';
    if (interest === this.#interest) return;
    const isKnown = this.#interest !== undefined;
    this.#interest = interest;
    try {
      if (isKnown) this.#loop.change(this, interest);
      else this.#loop.watch(this, interest);
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}

import type { Duplex } from 'node:stream';
import {
  type AcceptedConnection,
  BROKEN,
  closeDescriptor,
  type Interest,
  type Peer,
  READABLE,
  receive,
  shutdownWrite,
  WOULD_BLOCK,
  WRITABLE,
} from '@gunicorn-ts/posix';
import { clock } from '../loop/clock.ts';
import type { DescriptorLoop, DescriptorWatcher } from '../loop/descriptor-loop.ts';
import type { LocalAddress, MakeStream, Patience, Transport, TransportOwner } from './transport.ts';
import { resetError } from './errors.ts';
import { inbox, takeUnread } from './inbox.ts';
import { socketOf } from './socket-of.ts';
import { transmitMost, WaitingBytes } from './waiting-bytes.ts';
import { type StoreOwner, writeStore } from './write-store.ts';

/** Bytes that go straight from and to a descriptor. */
export class DescriptorTransport implements Transport, DescriptorWatcher, StoreOwner {
  readonly fd: number;
  readonly peer: Peer;
  readonly local: LocalAddress;
  readonly secure = false;
  isClosed = false;
  isEnded = false;
  /** Whether nothing more is sent behind what waits. */
  isFinishing = false;
  lastRead: number = clock.ms;
  lastWrite: number = clock.ms;
  bytesRead = 0;
  lost = 0;
  bytesWritten = 0;
  readonly #loop: DescriptorLoop;
  owner: TransportOwner | undefined;
  #isHolding = false;
  /** What the set was told; `undefined` before the connection is in it. */
  #interest: Interest | undefined;
  #isReading = true;
  #mayLinger = false;
  /** Whether the kernel waits with the last bytes for the end. */
  #isHeldBack = false;
  /** Made when there is something to wait. */
  #waiting: WaitingBytes | undefined;

  constructor(loop: DescriptorLoop, { fd, peer }: AcceptedConnection, local: LocalAddress) {
    this.#loop = loop;
    this.fd = fd;
    this.peer = peer;
    this.local = local;
  }

  /** Reads what came with the connection: a short one is over before the loop has heard of it. */
  start(patience?: Patience): void {
    this.ref();
    let hasCome = true;
    try {
      hasCome = this.#read() || (patience?.(this.fd) === true && this.#read());
    } finally {
      // What is answered at once is often over in the next tick, and is never watched.
      if (!hasCome) this.#watch();
      else if (!this.isClosed) process.nextTick(DescriptorTransport.#watchLate, this);
    }
  }

  static readonly #watchLate = (late: DescriptorTransport): void => void (late.isClosed || late.#watch());

  get pending(): number {
    return this.#waiting?.length ?? 0;
  }

  text(text: string): void {
    if (text === '' || this.#refuses()) return;
    const store = writeStore();
    if (this.pending === 0 && text.length <= store.room(this)) store.latin1(text);
    else this.bytes(Buffer.from(text, 'latin1'));
  }

  utf8(text: string): void {
    if (this.#refuses()) return;
    const store = writeStore();
    if (this.pending === 0 && text.length * 3 <= store.room(this)) store.utf8(text);
    else this.bytes(Buffer.from(text));
  }

  bytes(bytes: Uint8Array): void {
    if (this.#refuses() || bytes.length === 0) return;
    const store = writeStore();
    if (this.pending === 0 && bytes.length <= store.room(this)) {
      store.bytes(bytes);
      return;
    }
    this.flush();
    if (this.isClosed) return;
    if (this.pending > 0) this.#wait(bytes);
    else this.#transmit(bytes);
  }

  file(file: number, count: number): void {
    if (this.#refuses() || count === 0) return;
    this.flush();
    if (this.isClosed) return;
    const waiting = (this.#waiting ??= new WaitingBytes());
    const isFirst = waiting.length === 0;
    waiting.pushFile(file, count);
    if (isFirst) this.#sendWaiting(false);
    if (!this.isClosed && this.#interest !== undefined) this.#watch();
  }

  flush(isLast = false): void {
    const store = writeStore();
    const length = store.held(this);
    if (length === 0) return;
    if (this.isClosed) {
      store.drop(this);
      return;
    }
    this.lastWrite = clock.ms;
    let rest: Buffer | undefined;
    try {
      rest = store.send(this, isLast);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    this.bytesWritten += length - (rest?.length ?? 0);
    if (rest === undefined) this.#isHeldBack = isLast;
    else this.#wait(rest);
  }

  pause(): void {
    this.#isReading = false;
  }

  resume(): void {
    if (this.#isReading || this.isEnded || this.isClosed) return;
    this.#isReading = true;
    if (this.#interest !== undefined) this.#watch();
  }

  finish(mayLinger = false): void {
    if (this.isClosed || this.isFinishing) return;
    this.flush();
    this.isFinishing = true;
    this.#mayLinger = mayLinger;
    if (!this.isClosed && this.pending === 0) this.#endSending();
  }

  destroy(error?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.lost = this.pending + writeStore().held(this);
    writeStore().drop(this);
    this.#loop.closing(this);
    closeDescriptor(this.fd);
    this.unref();
    this.#waiting?.take();
    this.owner?.onClose(error);
  }

  ref(): void {
    if (this.isClosed || this.#isHolding) return;
    this.#isHolding = true;
    this.#loop.hold();
  }

  unref(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#loop.release();
  }

  release(make: MakeStream = socketOf): Duplex {
    this.flush();
    const waiting = this.#waiting?.take() ?? [];
    this.isClosed = true;
    this.unref();
    if (this.#interest !== undefined) this.#loop.forget(this);
    const stream = make(this.fd);
    for (const bytes of waiting) stream.write(bytes);
    return stream;
  }

  onReady(events: number): void {
    if ((events & WRITABLE) !== 0 && this.pending > 0) this.#sendWaiting();
    if (this.isClosed) return;
    if ((events & BROKEN) !== 0 && (!this.#isReading || this.isEnded)) this.destroy(resetError());
    else if ((events & READABLE) === 0) return;
    // Something came while nobody wants it: from now on the loop need not say so.
    else if (this.#isReading && !this.isEnded) this.#read();
    else this.#watch();
  }

  tryReady(): boolean {
    return this.#isReading && !this.isEnded && this.#read();
  }

  #refuses(): boolean {
    return this.isClosed || this.isFinishing;
  }

  /** @returns false when nothing has come */
  #read(): boolean {
    const buffer = inbox();
    let length: number;
    try {
      length = receive(this.fd, buffer);
    } catch (error) {
      this.destroy(error as Error);
      return true;
    }
    if (length === WOULD_BLOCK) return false;
    this.lastRead = clock.ms;
    if (this.isFinishing) this.#linger(length);
    else if (length === 0) {
      this.isEnded = true;
      if (this.#interest !== undefined) this.#watch();
      this.owner?.onEnd();
    } else {
      this.bytesRead += length;
      this.owner?.onData(buffer.bytes, length);
    }
    return true;
  }

  /** Sends the end. To close with unread bytes would reset the connection, and the reset can overtake the response. */
  #endSending(): void {
    if (this.#isHeldBack) shutdownWrite(this.fd);
    // What was held back has left in one packet with the end, in front of any reset. Nearly always nothing is there.
    const isClean = this.isEnded || (!this.#mayLinger && (this.#isHeldBack || !takeUnread(this.fd)));
    if (isClean) {
      this.destroy();
      return;
    }
    if (!this.#isHeldBack) shutdownWrite(this.fd);
    this.#isReading = true;
    this.#watch();
  }

  #linger(length: number): void {
    if (length > 0 || this.isClosed) return;
    this.isEnded = true;
    // It may still be reading.
    if (this.pending === 0) this.destroy();
    else this.#watch();
  }

  #sendWaiting(tells = true): void {
    this.lastWrite = clock.ms;
    try {
      this.bytesWritten += this.#waiting!.send(this.fd);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    if (this.pending > 0 || !tells) return;
    this.#watch();
    if (this.isFinishing) this.#endSending();
    else this.owner?.onDrain();
  }

  #transmit(bytes: Uint8Array): void {
    this.lastWrite = clock.ms;
    let rest: Uint8Array;
    try {
      rest = transmitMost(this.fd, bytes);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    this.bytesWritten += bytes.length - rest.length;
    if (rest.length > 0) this.#wait(rest);
  }

  #wait(bytes: Uint8Array): void {
    clock.look();
    this.lastWrite = clock.ms;
    (this.#waiting ??= new WaitingBytes()).push(bytes);
    if (this.#interest !== undefined) this.#watch();
  }

  #watch(): void {
    const reads = this.#isReading && !this.isEnded;
    const writes = this.pending > 0;
    const interest = reads ? (writes ? 'both' : 'read') : writes ? 'write' : 'none';
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

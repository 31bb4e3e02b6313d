import type { Socket } from 'node:net';
import { PREFIX_BYTES, writePrefix } from '../frame.ts';

const SLAB_BYTES = 64 * 1024;
/** Longer pieces are written as they are, without a copy. */
const MOST_COPIED = 4 * 1024;

/** Writes the frames of a turn of the event loop with one system call, from a buffer that is never written twice. */
export class FrameWriter {
  readonly #socket: Pick<Socket, 'write' | 'cork' | 'uncork'>;
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #end = 0;
  #isScheduled = false;

  constructor(socket: Pick<Socket, 'write' | 'cork' | 'uncork'>) {
    this.#socket = socket;
  }

  /** A frame whose payload is a byte of flags and text in latin-1. */
  text(type: string, stream: number, flags: number, text: string): void {
    const length = 1 + text.length;
    const at = this.#room(PREFIX_BYTES + length);
    writePrefix(this.#slab.subarray(at), type, stream, length);
    this.#slab[at + PREFIX_BYTES] = flags;
    this.#slab.write(text, at + PREFIX_BYTES + 1, 'latin1');
    this.#end = at + PREFIX_BYTES + length;
  }

  /** A frame with bytes, which must not change before they are sent. */
  bytes(type: string, stream: number, payload: Uint8Array): void {
    const isCopied = payload.length <= MOST_COPIED;
    const at = this.#room(PREFIX_BYTES + (isCopied ? payload.length : 0));
    writePrefix(this.#slab.subarray(at), type, stream, payload.length);
    this.#end = at + PREFIX_BYTES;
    this.#add(payload, isCopied);
  }

  /** The same behind a byte of flags. */
  flagged(type: string, stream: number, flags: number, payload: Uint8Array): void {
    const isCopied = payload.length <= MOST_COPIED;
    const at = this.#room(PREFIX_BYTES + 1 + (isCopied ? payload.length : 0));
    writePrefix(this.#slab.subarray(at), type, stream, 1 + payload.length);
    this.#slab[at + PREFIX_BYTES] = flags;
    this.#end = at + PREFIX_BYTES + 1;
    this.#add(payload, isCopied);
  }

  empty(type: string, stream: number): void {
    const at = this.#room(PREFIX_BYTES);
    writePrefix(this.#slab.subarray(at), type, stream, 0);
    this.#end = at + PREFIX_BYTES;
  }

  count(type: string, stream: number, value: number): void {
    const at = this.#room(PREFIX_BYTES + 4);
    writePrefix(this.#slab.subarray(at), type, stream, 4);
    this.#slab.writeUInt32BE(value, at + PREFIX_BYTES);
    this.#end = at + PREFIX_BYTES + 4;
  }

  flush(): void {
    this.#isScheduled = false;
    if (this.#end === this.#start) return;
    this.#socket.write(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #add(payload: Uint8Array, isCopied: boolean): void {
    if (isCopied) {
      this.#slab.set(payload, this.#end);
      this.#end += payload.length;
      return;
    }
    this.flush();
    this.#socket.write(payload);
  }

  /** Where the next frame begins. What it is written to has that much room. */
  #room(size: number): number {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      queueMicrotask(() => this.flush());
    }
    if (this.#end + size > this.#slab.length) {
      this.flush();
      this.#isScheduled = true;
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, size));
      this.#start = this.#end = 0;
    }
    return this.#end;
  }
}

import type { Transport } from '@gunicorn-ts/http-server';
import { LENGTH_AT, PREFIX_BYTES, REQUEST_AT } from '../frame.ts';

const SLAB_BYTES = 64 * 1024;
/** Longer pieces are sent as they are, without a copy. */
const MOST_COPIED = 4 * 1024;

/** Text in latin-1, as Node writes it without looking at its arguments. Not in Node's types. */
type Latin1Buffer = Buffer & { latin1Write(text: string, offset: number): number };

/** Writes the frames of a turn of the event loop with one system call, from a buffer that is never written twice. */
export class FrameWriter {
  readonly #wire: Pick<Transport, 'bytes' | 'flush'>;
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES) as Latin1Buffer;
  #start = 0;
  #end = 0;
  #isScheduled = false;
  readonly #flush = (): void => this.flush();

  constructor(wire: Pick<Transport, 'bytes' | 'flush'>) {
    this.#wire = wire;
  }

  /** A frame whose payload is a byte of flags and text in latin-1. */
  text(type: string, stream: number, flags: number, text: string): void {
    const length = 1 + text.length;
    this.#begin(PREFIX_BYTES + length);
    this.#prefix(type, stream, length);
    this.#slab[this.#end++] = flags;
    this.#end += this.#slab.latin1Write(text, this.#end);
  }

  /** A frame with bytes, which must not change before they are sent. */
  bytes(type: string, stream: number, payload: Uint8Array): void {
    const isCopied = payload.length <= MOST_COPIED;
    this.#begin(PREFIX_BYTES + (isCopied ? payload.length : 0));
    this.#prefix(type, stream, payload.length);
    this.#add(payload, isCopied);
  }

  /** The same behind a byte of flags. */
  flagged(type: string, stream: number, flags: number, payload: Uint8Array): void {
    const isCopied = payload.length <= MOST_COPIED;
    this.#begin(PREFIX_BYTES + 1 + (isCopied ? payload.length : 0));
    this.#prefix(type, stream, 1 + payload.length);
    this.#slab[this.#end++] = flags;
    this.#add(payload, isCopied);
  }

  empty(type: string, stream: number): void {
    this.#begin(PREFIX_BYTES);
    this.#prefix(type, stream, 0);
  }

  count(type: string, stream: number, value: number): void {
    this.#begin(PREFIX_BYTES + 4);
    this.#prefix(type, stream, 4);
    this.#end = this.#slab.writeUInt32BE(value, this.#end);
  }

  flush(): void {
    this.#isScheduled = false;
    if (this.#end === this.#start) return;
    const bytes = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#send(bytes);
  }

  #add(payload: Uint8Array, isCopied: boolean): void {
    if (isCopied) {
      this.#slab.set(payload, this.#end);
      this.#end += payload.length;
      return;
    }
    this.flush();
    this.#send(payload);
  }

  #send(bytes: Uint8Array): void {
    this.#wire.bytes(bytes);
    this.#wire.flush();
  }

  #prefix(type: string, stream: number, length: number): void {
    const slab = this.#slab;
    const at = this.#end;
    slab[at] = type.charCodeAt(0);
    slab.writeUInt32BE(stream, at + REQUEST_AT);
    slab.writeUInt32BE(length, at + LENGTH_AT);
    this.#end = at + PREFIX_BYTES;
  }

  /** Makes room for a frame, and sees that it is sent. */
  #begin(size: number): void {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      queueMicrotask(this.#flush);
    }
    if (this.#end + size <= this.#slab.length) return;
    this.flush();
    this.#isScheduled = true;
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, size)) as Latin1Buffer;
    this.#start = this.#end = 0;
  }
}

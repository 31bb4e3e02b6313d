import { Duplex } from 'node:stream';
import { shutdownWrite } from '@gunicorn-ts/posix';
import { clock } from '../loop/clock.ts';
import type { Transport } from './transport.ts';

type Callback = (error?: Error | null) => void;
type Chunk = { readonly chunk: Buffer };

/**
 * A stream of Node's for who takes a connection over, without a handle of Node's behind it: that would allocate for each
 * read, and make a request of its own of each write.
 */
export class TransportStream extends Duplex {
  readonly #transport: Transport & { readonly fd: number };
  /** Called when the kernel has taken everything. */
  #onDrained: Callback[] = [];

  constructor(transport: Transport & { readonly fd: number }) {
    super({ allowHalfOpen: true, decodeStrings: true });
    this.#transport = transport;
    transport.owner = {
      onData: (bytes, length) => {
        if (!this.push(Buffer.from(bytes.subarray(0, length)))) transport.pause();
      },
      onEnd: () => this.push(null),
      onDrain: () => this.#drained(null),
      onClose: (error) => this.destroy(error),
    };
    transport.start();
  }

  get bytesRead(): number {
    return this.#transport.bytesRead;
  }

  get bytesWritten(): number {
    return this.#transport.bytesWritten;
  }

  /**
   * Sends a frame at once, in front of what is written later.
   * @param onSent is called when the kernel has taken it, or never will
   */
  send(header: Uint8Array, data: Uint8Array, onSent: () => void): void {
    const transport = this.#transport;
    if (this.writableLength > 0 || this.writableEnded || this.destroyed) {
      this.cork();
      this.write(header);
      this.write(data, () => onSent());
      this.uncork();
      return;
    }
    clock.look();
    transport.bytes(header);
    transport.bytes(data);
    transport.flush();
    if (transport.pending === 0 || transport.isClosed) onSent();
    else this.#onDrained.push(onSent);
  }

  override _read(): void {
    this.#transport.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
    clock.look();
    this.#transport.bytes(chunk);
    this.#flush(callback);
  }

  override _writev(chunks: readonly Chunk[], callback: Callback): void {
    clock.look();
    for (const { chunk } of chunks) this.#transport.bytes(chunk);
    this.#flush(callback);
  }

  /** Ends the sending side alone: the peer may still say something. */
  override _final(callback: Callback): void {
    this.#whenSent((error) => {
      if (!this.#transport.isClosed) shutdownWrite(this.#transport.fd);
      callback(error);
    });
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#transport.destroy();
    this.#drained(error);
    callback(error);
  }

  #flush(callback: Callback): void {
    this.#transport.flush();
    this.#whenSent(callback);
  }

  #whenSent(callback: Callback): void {
    if (this.#transport.pending > 0 && !this.#transport.isClosed) this.#onDrained.push(callback);
    else callback();
  }

  #drained(error: Error | null): void {
    for (const callback of this.#onDrained.splice(0)) callback(error);
  }
}

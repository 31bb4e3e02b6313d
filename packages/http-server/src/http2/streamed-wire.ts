import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type SessionWire, SHUTDOWN_NOTICE } from './session-wire.ts';

type Done = (error?: Error | null) => void;

/**
 * A TLS socket as its HTTP/2 session has it: Node's TLS takes no second writer beside a session, so that all goes
 * through here.
 */
export class StreamedWire extends Duplex implements SessionWire {
  readonly #carrier: Socket;
  #hasBegun = false;

  get stream(): Duplex {
    return this;
  }

  /** @param rest what was read from the carrier before */
  constructor(carrier: Socket, rest: Buffer) {
    super();
    this.#carrier = carrier;
    if (rest.length > 0) this.push(rest);
    carrier.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) carrier.pause();
    });
    // Not the end of what is read: Node's socket for streams ends its own side at that, and fails when a stream that is
    // still answered writes on.
    carrier.on('end', () => this.destroy());
    carrier.on('error', (error) => this.destroy(error));
    carrier.on('close', () => this.destroy());
  }

  giveNotice(): void {
    // RFC 9113 §3.4: nothing comes before the settings.
    if (this.#hasBegun && this.#carrier.writable) this.#carrier.write(SHUTDOWN_NOTICE);
  }

  override _read(): void {
    this.#carrier.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#hasBegun = true;
    this.#carrier.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#hasBegun = true;
    const last = chunks.pop()!;
    this.#carrier.cork();
    for (const { chunk } of chunks) this.#carrier.write(chunk);
    this.#carrier.write(last.chunk, done);
    this.#carrier.uncork();
  }

  override _final(done: Done): void {
    this.#carrier.end(() => done());
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#carrier.destroy();
    done(error);
  }
}

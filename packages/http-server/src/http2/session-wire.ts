import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/**
 * GOAWAY with the highest stream there can be, and no error (RFC 9113 §6.8): it asks a client to begin nothing more
 * here, and gives up nothing that it has begun meanwhile. Node offers only the second, final one.
 */
const SHUTDOWN_NOTICE = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * The socket of a connection as its HTTP/2 session has it. What a session writes at once are whole frames, so that one
 * of ours fits in between.
 */
export class SessionWire extends Duplex {
  readonly #carrier: Socket;
  #hasBegun = false;

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

  /** Asks the client to go elsewhere with what it has not begun. */
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

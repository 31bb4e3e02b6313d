import type { DuplexSocket } from '@gunicorn-ts/posix';
import { frame, PREFIX_BYTES, writePrefix } from './frame.ts';

const PIECE_BYTES = 64 * 1024;

/** What is used of `wsgi.input`: the body, which has arrived. */
export interface WholeInput {
  read(size: number): Uint8Array;
  readInto(target: Uint8Array): number;
}

/** The body of a request on its way to the Python process, which may answer before it has read all of it. */
export class RequestUpload {
  readonly #input: WholeInput;
  readonly #request: number;
  #rest: Uint8Array = new Uint8Array();
  #isOver = false;
  #buffer: Buffer | undefined;

  constructor(input: WholeInput, request: number) {
    this.#input = input;
    this.#request = request;
  }

  /** Whether everything was sent. */
  get done(): boolean {
    return this.#isOver && this.#rest.length === 0;
  }

  /** Sends until there is something to read, or nothing left to send. */
  advance(socket: DuplexSocket): void {
    while (!this.done) {
      if (this.#rest.length === 0) this.#rest = this.#nextFrame();
      const sent = socket.sendUnlessReadable(this.#rest);
      this.#rest = this.#rest.subarray(sent);
      if (this.#rest.length > 0) return;
    }
  }

  /** Sends what is left, and waits for it to be read. */
  flush(socket: DuplexSocket): void {
    if (this.#rest.length > 0) socket.send(this.#rest);
    this.#rest = this.#rest.subarray(this.#rest.length);
  }

  /** Nobody reads what is left: ends with the frame that is on its way. */
  cut(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#rest = Buffer.concat([this.#rest, frame('A', this.#request)]);
  }

  /** In one buffer, again and again: a large body would leave more garbage than is collected in time. */
  #nextFrame(): Uint8Array {
    const buffer = (this.#buffer ??= Buffer.allocUnsafe(PREFIX_BYTES + PIECE_BYTES));
    const size = this.#input.readInto(buffer.subarray(PREFIX_BYTES));
    if (size === 0) {
      this.#isOver = true;
      return frame('E', this.#request);
    }
    writePrefix(buffer, 'D', this.#request, size);
    return buffer.subarray(0, PREFIX_BYTES + size);
  }
}

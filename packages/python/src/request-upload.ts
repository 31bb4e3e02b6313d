import type { DuplexSocket } from '@gunicorn-ts/posix';
import { frame } from './frame.ts';

const PIECE_BYTES = 64 * 1024;

/** What is used of `wsgi.input`: the body, which has arrived. */
export interface WholeInput {
  read(size: number): Uint8Array;
}

/** The body of a request on its way to the Python process, which may answer before it has read all of it. */
export class RequestUpload {
  readonly #input: WholeInput;
  #rest: Uint8Array = new Uint8Array();
  #isOver = false;

  constructor(input: WholeInput) {
    this.#input = input;
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
    this.#rest = Buffer.concat([this.#rest, frame('A')]);
  }

  #nextFrame(): Uint8Array {
    const piece = this.#input.read(PIECE_BYTES);
    if (piece.length > 0) return frame('D', piece);
    this.#isOver = true;
    return frame('E');
  }
}

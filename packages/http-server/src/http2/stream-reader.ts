import {
  type HeaderFields,
  NO_FIELDS,
  RequestError,
  type RequestEvent,
  type RequestHead,
} from '@gunicorn-ts/http';
import type { RequestReader } from '../connection/request-reader.ts';

const NOTHING = Buffer.alloc(0);

/** The one request of an HTTP/2 stream, whose head was read before, and whose body needs no parser. */
export class StreamReader implements RequestReader {
  readonly head: RequestHead | undefined;
  readonly proxy: undefined = undefined;
  chunk: Uint8Array = NOTHING;
  trailers: HeaderFields = NO_FIELDS;
  error: RequestError | undefined;
  readonly #bodyLimit: number;
  #pieces: Uint8Array[] = [];
  #stage: 'head' | 'body' | 'over' = 'head';
  #received = 0;
  /** Bytes of the whole body, once it is known to have ended. */
  #length: number | undefined;
  #fault: RequestError | undefined;

  /** @param read the head, or why it is refused */
  constructor(read: RequestHead | RequestError, bodyLimit: number) {
    this.#bodyLimit = bodyLimit;
    if (read instanceof RequestError) this.#fault = read;
    this.head = read instanceof RequestError ? undefined : read;
  }

  get held(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  push(bytes: Uint8Array, length: number = bytes.length): void {
    if (length > 0 && this.#stage !== 'over') this.#pieces.push(bytes);
  }

  /** The body ends behind so many bytes, which need not be here yet. */
  end(length: number, trailers: HeaderFields | RequestError): void {
    this.#length = length;
    if (trailers instanceof RequestError) this.#fault = trailers;
    else this.trailers = trailers;
  }

  next(): RequestEvent {
    if (this.error !== undefined) return 'error';
    if (this.#stage === 'over') return 'closed';
    if (this.#stage === 'head') {
      if (this.#fault !== undefined) return this.#fail(this.#fault);
      this.#stage = 'body';
      return 'head';
    }
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#received += piece.length;
      if (this.#received > this.#bodyLimit) return this.#fail(new RequestError('content-too-large'));
      this.chunk = piece;
      return 'body';
    }
    if (this.#received !== this.#length) return 'more';
    if (this.#fault !== undefined) return this.#fail(this.#fault);
    this.#stage = 'over';
    return 'end';
  }

  /** Node gives each piece a buffer of its own. */
  settle(): void {}

  finish(): undefined {
    return undefined;
  }

  takeRest(): Buffer {
    this.#stage = 'over';
    this.#pieces = [];
    return NOTHING;
  }

  #fail(error: RequestError): RequestEvent {
    this.error = error;
    this.takeRest();
    return 'error';
  }
}

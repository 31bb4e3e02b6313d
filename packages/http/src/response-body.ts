import type { ResponseHead } from './response-draft.ts';

/** How a response body ended. */
export interface BodyEnd {
  /** What is still to be sent: the last chunk, or nothing. */
  readonly tail: string;
  /** Whether a further request may follow. */
  readonly keepAlive: boolean;
  /** Bytes that Content-Length promised and the application did not give: tell the log, close the connection. */
  readonly missing: number;
  /**
   * Bytes that the application gave beyond its Content-Length, and that were not sent: tell the log. A body
   * for HEAD, 204 or 304 is not counted: many applications answer HEAD as they answer GET.
   */
  readonly surplus: number;
}

const CHUNK_CLOSING = '\r\n';
const LAST_CHUNK = '0\r\n';
const END_OF_TRAILERS = '\r\n';

/**
 * Holds a response body to what its head promised. What is too much is not sent and what is missing closes
 * the connection: either would make the client read the next response at the wrong place.
 */
export class ResponseBody {
  readonly #head: ResponseHead;
  #sent = 0;
  #surplus = 0;

  constructor(head: ResponseHead) {
    this.#head = head;
  }

  /** Body bytes admitted so far, without framing: what the access log counts. */
  get bytes(): number {
    return this.#sent;
  }

  /** Whether nothing more can be sent: the application need not be asked for the rest. */
  get isFull(): boolean {
    const { framing, length } = this.#head;
    return framing === 'none' || (framing === 'length' && this.#sent >= length);
  }

  /** How many of the next `size` bytes are to be sent: all, some, or none. */
  admit(size: number): number {
    const { framing, length } = this.#head;
    let room = size;
    if (framing === 'none') room = 0;
    else if (framing === 'length') room = Math.min(size, length - this.#sent);
    this.#sent += room;
    if (framing === 'length') this.#surplus += size - room;
    return room;
  }

  /** What goes in front of `size` admitted bytes. An empty chunk would end the body, so it has no framing. */
  before(size: number): string {
    return this.#head.framing === 'chunked' && size > 0 ? `${size.toString(16).toUpperCase()}\r\n` : '';
  }

  /** What goes behind `size` admitted bytes. */
  after(size: number): string {
    return this.#head.framing === 'chunked' && size > 0 ? CHUNK_CLOSING : '';
  }

  /**
   * Call it once.
   * @param complete false when the application failed in the middle: the last chunk is then withheld, so
   * that the client can tell, and the connection is closed
   * @param trailers lines of fields; only a chunked body has a place for them
   */
  end(complete = true, trailers = ''): BodyEnd {
    const { framing, length, keepAlive } = this.#head;
    const missing = framing === 'length' ? length - this.#sent : 0;
    return {
      tail: framing === 'chunked' && complete ? LAST_CHUNK + trailers + END_OF_TRAILERS : '',
      keepAlive: keepAlive && complete && missing === 0,
      missing,
      surplus: this.#surplus,
    };
  }
}

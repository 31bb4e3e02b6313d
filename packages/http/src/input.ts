import { RequestError, type RefusalCode } from './errors.ts';
import { CR, LF } from './octets.ts';

const NOTHING: Buffer = Buffer.alloc(0);
const SMALLEST_STORE = 1024;

/**
 * The bytes a parser has been given and not used up. What is pushed is read where it lies; only what
 * must outlive the caller's buffer (half a head, half a line) is copied, by `settle`.
 */
export class Input {
  bytes: Buffer = NOTHING;
  /** The next byte to read. */
  at = 0;
  /** The first byte that is still needed: where the head, the trailers or the line being read begin. */
  mark = 0;
  end = 0;
  /** No LF lies between `at` and here: a line that is fed byte by byte is not searched again each time. */
  searched = 0;
  #store: Buffer | undefined;

  /** Bytes that are held and not used up. */
  get held(): number {
    return this.end - this.mark;
  }

  push(chunk: Uint8Array, length: number): void {
    if (this.end === this.mark) {
      this.bytes = Buffer.isBuffer(chunk)
        ? chunk
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.at = this.mark = this.searched = 0;
      this.end = length;
      return;
    }
    this.#keep(length);
    this.bytes.set(length === chunk.length ? chunk : chunk.subarray(0, length), this.end);
    this.end += length;
  }

  /** Copies what is still needed out of the caller's buffer, or lets go of it. */
  settle(): void {
    if (this.end === this.mark) this.clear();
    else if (this.bytes !== this.#store) this.#keep(0);
  }

  clear(): void {
    this.bytes = NOTHING;
    this.#store = undefined;
    this.at = this.mark = this.end = this.searched = 0;
  }

  /** Goes on at `position`, and needs nothing before it any more. */
  consumeTo(position: number): void {
    this.at = this.mark = this.searched = position;
  }

  /**
   * Index of the LF that ends the line at `at`, or -1 when it has not arrived. The length is judged first
   * and by position alone, so that the answer does not depend on how the bytes were cut.
   * @param limit longest line in bytes, its CR LF included
   * @param tooLong what a longer one is refused with
   */
  findLineEnd(limit: number, tooLong: RefusalCode): number {
    const { bytes, at } = this;
    const end = Math.min(this.end, at + limit);
    for (let i = Math.max(this.searched, at); i < end; i++) {
      if (bytes[i] === LF) {
        this.searched = i + 1;
        // RFC 9112 §2.2 lets a server take a bare LF; two servers that differ on it are smuggled past.
        if (i === at || bytes[i - 1] !== CR) throw new RequestError('line-end');
        return i;
      }
    }
    if (this.end - at >= limit) throw new RequestError(tooLong);
    this.searched = end;
    return -1;
  }

  /** Room for `more` bytes behind what is held, in a buffer of our own. */
  #keep(more: number): void {
    const { mark, held } = this;
    if (this.bytes === this.#store && this.end + more <= this.bytes.length) return;
    const fits = this.bytes === this.#store && held + more <= this.bytes.length;
    const store = fits
      ? this.bytes
      : // Not from Node's pool: a connection that waits must not hold 8 KiB for 20 bytes.
        Buffer.allocUnsafeSlow(Math.max(SMALLEST_STORE, 2 * (held + more)));
    this.bytes.copy(store, 0, mark, this.end);
    this.bytes = this.#store = store;
    this.at -= mark;
    this.searched -= mark;
    this.end = held;
    this.mark = 0;
  }
}

/** Smallest and largest buffer in which small pieces are put together. */
const SMALLEST_BYTES = 512;
const LARGEST_BYTES = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Puts bytes together that come in pieces of any size. A buffer for each would take a hundred times as much as a
 * byte that a client sends as a chunk of its own.
 */
export class Gatherer {
  readonly #full: Buffer[] = [];
  /** What is not full yet, of which so many bytes are used. */
  #open: Buffer = NOTHING;
  #used = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies the bytes. */
  append(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.#used < this.#open.length) {
      const room = rest.subarray(0, this.#open.length - this.#used);
      this.#open.set(room, this.#used);
      this.#used += room.length;
      rest = rest.subarray(room.length);
    }
    this.#length += bytes.length;
    if (rest.length === 0) return;
    this.#close();
    if (this.#length === rest.length || rest.length >= LARGEST_BYTES) {
      // Most bodies come in one piece.
      this.#full.push(Buffer.from(rest));
      return;
    }
    const size = Math.min(Math.max(this.#length, SMALLEST_BYTES), LARGEST_BYTES);
    this.#open = Buffer.allocUnsafeSlow(Math.max(size, rest.length));
    this.#open.set(rest);
    this.#used = rest.length;
  }

  /** What was gathered, in order and in large pieces. */
  pieces(): readonly Buffer[] {
    this.#close();
    return this.#full;
  }

  /** All of it in one buffer; nothing is left here. */
  take(): Buffer {
    const pieces = this.pieces();
    const whole = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#full.length = 0;
    this.#open = NOTHING;
    this.#used = this.#length = 0;
  }

  #close(): void {
    if (this.#used > 0) this.#full.push(this.#open.subarray(0, this.#used));
    this.#open = NOTHING;
    this.#used = 0;
  }
}

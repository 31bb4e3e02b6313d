/** Bytes that can be read at once at any place. */
export interface ByteSource {
  readonly length: number;
  slice(start: number, end: number): Uint8Array;
  /** Copies bytes from `start` on into `target`, as many as there are and fit; returns their number. */
  copy?(target: Uint8Array, start: number): number;
}

/** The body of a request, whole. */
export interface RequestBody extends ByteSource {
  /** Gives back what it occupies. */
  close(): void;
}

const WINDOW = 8192;
const PIECE = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * `wsgi.input` of PEP 3333: the request body, which has arrived whole. `read` and its relatives return at
 * once, and empty bytes at the end.
 */
export class WsgiInput {
  readonly #source: ByteSource;
  #position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Up to `size` bytes; all that is left without one, or with a negative one. */
  read(size?: number | null): Uint8Array {
    const wanted = size ?? -1;
    return this.#advance(wanted < 0 ? this.#source.length : this.#position + wanted);
  }

  /** Fills `target` with what comes next, for whoever passes a large body on. Returns how many bytes; 0 at the end. */
  readInto(target: Uint8Array): number {
    const source = this.#source;
    if (source.copy === undefined) {
      const bytes = this.read(target.byteLength);
      target.set(bytes);
      return bytes.byteLength;
    }
    const size = source.copy(target, this.#position);
    this.#position += size;
    return size;
  }

  /** Up to and including the next line feed, but no more than `size` bytes. */
  readline(size?: number | null): Uint8Array {
    const limit = (size ?? -1) < 0 ? this.#source.length : this.#position + (size ?? 0);
    for (let start = this.#position; start < limit; start += WINDOW) {
      const found = this.#source.slice(start, Math.min(start + WINDOW, limit)).indexOf(LINE_FEED);
      if (found !== -1) return this.#advance(start + found + 1);
    }
    return this.#advance(limit);
  }

  /** The lines that are left; no further ones once `hint` bytes were read. */
  readlines(hint?: number | null): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let bytes = 0;
    for (const line of this) {
      lines.push(line);
      bytes += line.byteLength;
      if (hint !== undefined && hint !== null && hint > 0 && bytes >= hint) break;
    }
    return lines;
  }

  *[Symbol.iterator](): Generator<Uint8Array, undefined> {
    for (let line = this.readline(); line.byteLength > 0; line = this.readline()) yield line;
  }

  /** The rest in pieces, for applications that take a body as a stream. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (let piece = this.read(PIECE); piece.byteLength > 0; piece = this.read(PIECE)) yield piece;
  }

  #advance(to: number): Uint8Array {
    const end = Math.min(to, this.#source.length);
    const bytes = this.#source.slice(this.#position, end);
    this.#position = end;
    return bytes;
  }
}

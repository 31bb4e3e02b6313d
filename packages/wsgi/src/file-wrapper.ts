/** A file as `wsgi.file_wrapper` takes it. */
export interface FileLike {
  /** The next bytes; nothing, or none, at the end. */
  read(size: number): Uint8Array | null | undefined;
  close?(): void;
  /** Its descriptor: a server that can sends the file from its current position on without reading it. */
  readonly fd?: number;
}

/** A stream, which `wsgi.file_wrapper` takes as well. */
export type StreamLike = AsyncIterable<Uint8Array> & { close?(): void };

const BLOCK_SIZE = 8192;

/** A response body that is a file. */
export class FileWrapper implements Iterable<Uint8Array> {
  readonly #file: FileLike;
  readonly #blockSize: number;

  constructor(file: FileLike, blockSize: number) {
    this.#file = file;
    this.#blockSize = blockSize;
  }

  /** The descriptor, when the file says that it has one. */
  get fd(): number | undefined {
    const { fd } = this.#file;
    return typeof fd === 'number' && fd >= 0 ? fd : undefined;
  }

  *[Symbol.iterator](): Generator<Uint8Array, undefined> {
    for (;;) {
      const block = this.#file.read(this.#blockSize);
      if (block === null || block === undefined || block.byteLength === 0) return;
      yield block;
    }
  }

  close(): void {
    this.#file.close?.();
  }
}

/** `wsgi.file_wrapper` of PEP 3333: a response body out of something that is read in blocks of bytes. */
export function fileWrapper(
  file: FileLike | StreamLike,
  blockSize: number = BLOCK_SIZE,
): FileWrapper | StreamLike {
  if (!(Symbol.asyncIterator in file)) return new FileWrapper(file, blockSize);
  return { [Symbol.asyncIterator]: () => file[Symbol.asyncIterator](), close: () => file.close?.() };
}

/** What `wsgi.file_wrapper` takes: anything with `read`, or a stream. */
export type FileLike =
  | { read(size: number): Uint8Array | null | undefined; close?(): void }
  | (AsyncIterable<Uint8Array> & { close?(): void });

const BLOCK_SIZE = 8192;

/** `wsgi.file_wrapper` of PEP 3333: a response body out of something that is read in blocks of bytes. */
export function fileWrapper(
  file: FileLike,
  blockSize: number = BLOCK_SIZE,
): (Iterable<Uint8Array> | AsyncIterable<Uint8Array>) & { close(): void } {
  const close = (): void => file.close?.();
  if (Symbol.asyncIterator in file) {
    return { [Symbol.asyncIterator]: () => file[Symbol.asyncIterator](), close };
  }
  return {
    *[Symbol.iterator]() {
      for (;;) {
        const block = file.read(blockSize);
        if (block === null || block === undefined || block.byteLength === 0) return;
        yield block;
      }
    },
    close,
  };
}

import { type LibraryFunction, libraryFunction, viewMemory } from './system-calls.ts';

/** The same numbers on every system. */
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;

let mmap: LibraryFunction | undefined;

/**
 * The first bytes of an open file as memory, for as long as the process lives: what is stored there, whoever has the file
 * can read. The file must be as long, and stay so: to touch what is behind its end kills the process (SIGBUS).
 * @returns `undefined` where it cannot be done
 */
export function mapShared(fd: number, bytes: number): ArrayBuffer | undefined {
  try {
    mmap ??= libraryFunction(
      'uintptr_t mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)',
    );
    const address = BigInt(mmap(0n, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0));
    // MAP_FAILED is -1; an address is a multiple of the page size.
    if (address === 0n || (address & 0xfffn) !== 0n) return undefined;
    return viewMemory(address, bytes);
  } catch {
    return undefined;
  }
}

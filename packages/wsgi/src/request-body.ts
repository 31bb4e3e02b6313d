import { closeSync, readSync, writeSync } from 'node:fs';
import { openUnnamedFile, temporaryPlaces } from '@gunicorn-ts/posix';
import type { ByteSource } from './input.ts';

/** The body of a request, whole. */
export interface RequestBody extends ByteSource {
  /** Gives back what it occupies. */
  close(): void;
}

/** Bytes up to which a body is kept in memory; a larger one goes to a file in the temporary directory. */
const MEMORY_LIMIT = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

class MemoryBody implements RequestBody {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  slice(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  close(): void {}
}

/** A request without a body has this one. */
export const EMPTY_BODY: RequestBody = new MemoryBody(NOTHING);

/** A body in a file that has no name any more, so that it goes with its descriptor however the process ends. */
class SpooledBody implements RequestBody {
  readonly #fd: number = openUnnamedFile('a large request body', temporaryPlaces('large'));
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#fd, bytes, written, bytes.length - written, this.#length + written);
    }
    this.#length += bytes.length;
  }

  slice(start: number, end: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, end - start));
    const read = readSync(this.#fd, bytes, 0, bytes.length, start);
    return bytes.subarray(0, read);
  }

  copy(target: Uint8Array, start: number): number {
    return readSync(this.#fd, target, 0, target.byteLength, start);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Gathers the body of a request as it arrives. Errors are those of the temporary file: ENOSPC, EMFILE. */
export class BodyCollector {
  #chunks: Buffer[] = [];
  #length = 0;
  #file: SpooledBody | undefined;

  /** Copies the bytes. */
  append(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#file === undefined && this.#length > MEMORY_LIMIT) this.#spool();
    if (this.#file === undefined) this.#chunks.push(Buffer.from(bytes));
    else this.#file.append(bytes);
  }

  /** The body, whose `close` is the caller's duty from now on. */
  finish(): RequestBody {
    return this.#file ?? (this.#length === 0 ? EMPTY_BODY : new MemoryBody(Buffer.concat(this.#chunks)));
  }

  /** Gives up a body that did not arrive. */
  discard(): void {
    this.#chunks = [];
    this.#file?.close();
  }

  #spool(): void {
    this.#file = new SpooledBody();
    for (const chunk of this.#chunks.splice(0)) this.#file.append(chunk);
  }
}

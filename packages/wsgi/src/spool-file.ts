import { closeSync, readSync, writeSync } from 'node:fs';
import { openUnnamedFile, temporaryPlaces } from '@gunicorn-ts/posix';
import type { BodyRoom } from './body-room.ts';
import { BodyStoreError } from './errors.ts';
import type { RequestBody } from './input.ts';

/** Bytes that are written at once; smaller pieces wait until there are so many. */
const WRITE_BYTES = 64 * 1024;

/** A body in a file that has no name, so that it goes with its descriptor however the process ends. */
export class SpoolFile implements RequestBody {
  readonly #store: BodyRoom;
  readonly #fd: number;
  #pending: Buffer | undefined;
  #pendingBytes = 0;
  #written = 0;
  #taken = 0;
  #open = true;

  /** @throws {BodyStoreError} */
  constructor(store: BodyRoom) {
    this.#store = store;
    this.#fd = storing(() => openUnnamedFile('a large request body', temporaryPlaces('large')));
  }

  get length(): number {
    return this.#written + this.#pendingBytes;
  }

  /** @throws {BodyStoreError} */
  append(bytes: Uint8Array): void {
    this.#store.takeSpool(bytes.length);
    this.#taken += bytes.length;
    if (this.#pendingBytes + bytes.length > WRITE_BYTES) this.flush();
    if (bytes.length >= WRITE_BYTES) {
      this.#write(bytes);
      return;
    }
    this.#pending ??= Buffer.allocUnsafeSlow(WRITE_BYTES);
    this.#pending.set(bytes, this.#pendingBytes);
    this.#pendingBytes += bytes.length;
  }

  /**
   * Writes what waits.
   * @throws {BodyStoreError}
   */
  flush(): void {
    const pending = this.#pending?.subarray(0, this.#pendingBytes);
    this.#pendingBytes = 0;
    if (pending !== undefined) this.#write(pending);
  }

  slice(start: number, end: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, end - start));
    return bytes.subarray(0, this.copy(bytes, start));
  }

  copy(target: Uint8Array, start: number): number {
    return readSync(this.#fd, target, 0, target.byteLength, start);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#store.giveSpoolBack(this.#taken);
    closeSync(this.#fd);
  }

  #write(bytes: Uint8Array): void {
    storing(() => {
      for (let at = 0; at < bytes.length;) {
        const written = writeSync(this.#fd, bytes, at, bytes.length - at, this.#written);
        at += written;
        this.#written += written;
      }
    });
  }
}

/** ENOSPC, EDQUOT, EIO, EFBIG, EMFILE: whatever the system says, there is no room. */
function storing<T>(effect: () => T): T {
  try {
    return effect();
  } catch (error) {
    throw new BodyStoreError(error instanceof Error ? error.message : String(error), error);
  }
}

import type { BodyRoom } from './body-room.ts';
import { BodyStoreError } from './errors.ts';
import { BodyCollector } from './request-body.ts';

/** Bytes of all bodies together that are kept in memory; what comes beyond goes to files whatever its size. */
const MEMORY_LIMIT = 64 * 1024 * 1024;

/** What the bodies of one worker may occupy altogether, however many clients send them. */
export class BodyStore implements BodyRoom {
  readonly #spoolLimit: number;
  readonly #memoryLimit: number;
  #inMemory = 0;
  #spooled = 0;

  /**
   * @param spoolLimit most bytes in files, `limitSpooledBodies`; 0 is no limit
   * @param memoryLimit most bytes in memory. Default: 64 MiB
   */
  constructor(spoolLimit: number, memoryLimit: number = MEMORY_LIMIT) {
    this.#spoolLimit = spoolLimit === 0 ? Infinity : spoolLimit;
    this.#memoryLimit = memoryLimit;
  }

  /** Bytes that are kept in memory now. */
  get inMemory(): number {
    return this.#inMemory;
  }

  /** Bytes that are kept in files now. */
  get spooled(): number {
    return this.#spooled;
  }

  /** Begins to gather the body of one request. */
  collect(): BodyCollector {
    return new BodyCollector(this);
  }

  takeMemory(bytes: number): boolean {
    if (this.#inMemory + bytes > this.#memoryLimit) return false;
    this.#inMemory += bytes;
    return true;
  }

  giveMemoryBack(bytes: number): void {
    this.#inMemory -= bytes;
  }

  takeSpool(bytes: number): void {
    if (this.#spooled + bytes > this.#spoolLimit) {
      throw new BodyStoreError(
        `the bodies that this worker keeps in files take ${this.#spooled} bytes, and limitSpooledBodies allows ` +
          `${this.#spoolLimit}. Raise it, or lower limitRequestBody.`,
      );
    }
    this.#spooled += bytes;
  }

  giveSpoolBack(bytes: number): void {
    this.#spooled -= bytes;
  }
}

import type { BodyRoom } from './body-room.ts';
import { Gatherer } from './gatherer.ts';
import type { RequestBody } from './input.ts';
import { SpoolFile } from './spool-file.ts';

/** Bytes up to which a body is kept in memory; a larger one goes to a file. */
const MEMORY_LIMIT = 1024 * 1024;

class MemoryBody implements RequestBody {
  readonly #store: BodyRoom | undefined;
  readonly #bytes: Buffer;
  #held: number;

  constructor(bytes: Buffer, store?: BodyRoom) {
    this.#bytes = bytes;
    this.#store = store;
    this.#held = bytes.length;
  }

  get length(): number {
    return this.#bytes.length;
  }

  slice(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  close(): void {
    this.#store?.giveMemoryBack(this.#held);
    this.#held = 0;
  }
}

/** A request without a body has this one. */
export const EMPTY_BODY: RequestBody = new MemoryBody(Buffer.alloc(0));

/**
 * Gathers the body of a request as it arrives: whatever the pieces in which it comes, it takes what its bytes take,
 * and is written to its file in large pieces.
 */
export class BodyCollector {
  readonly #store: BodyRoom;
  readonly #gatherer = new Gatherer();
  #file: SpoolFile | undefined;

  constructor(store: BodyRoom) {
    this.#store = store;
  }

  /**
   * Copies the bytes.
   * @throws {BodyStoreError} when there is no room for them; then {@link discard} is what is left to do
   */
  append(bytes: Uint8Array): void {
    if (this.#file === undefined) {
      const fits = this.#gatherer.length + bytes.length <= MEMORY_LIMIT;
      if (fits && this.#store.takeMemory(bytes.length)) {
        this.#gatherer.append(bytes);
        return;
      }
      this.#spool();
    }
    this.#file!.append(bytes);
  }

  /**
   * The body, whose `close` is the caller's duty from now on.
   * @throws {BodyStoreError} as `append`
   */
  finish(): RequestBody {
    this.#file?.flush();
    if (this.#file !== undefined) return this.#file;
    return this.#gatherer.length === 0 ? EMPTY_BODY : new MemoryBody(this.#gatherer.take(), this.#store);
  }

  /** Gives up a body that did not arrive, or does not fit. */
  discard(): void {
    this.#store.giveMemoryBack(this.#gatherer.length);
    this.#gatherer.clear();
    this.#file?.close();
  }

  #spool(): void {
    const file = new SpoolFile(this.#store);
    this.#file = file;
    const held = this.#gatherer.length;
    for (const piece of this.#gatherer.pieces()) file.append(piece);
    this.#gatherer.clear();
    this.#store.giveMemoryBack(held);
  }
}

/** Bytes that wait for the application before no more are read from the client. */
const MOST_WAITING = 64 * 1024;

/** Whoever gives the bytes. */
export interface BodySource {
  /** The application begins to read. */
  begin(): void;
  /** There is room again. */
  resume(): void;
}

/** The body of a request as it arrives: no more is read from the client than the application takes. */
export class BodyStream implements AsyncIterable<Uint8Array> {
  readonly #source: BodySource;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #hasBegun = false;
  #hasEnded = false;
  #error: Error | undefined;
  #reader: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  #isUnwanted = false;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /**
   * Copies the bytes.
   * @returns false when no more are to come for now
   */
  push(bytes: Uint8Array): boolean {
    if (this.#isUnwanted) return true;
    const copy = Uint8Array.from(bytes);
    if (this.#reader !== undefined) {
      this.#settle(copy);
      return true;
    }
    this.#waiting.push(copy);
    this.#waitingBytes += copy.length;
    return this.#waitingBytes < MOST_WAITING;
  }

  end(): void {
    this.#hasEnded = true;
    this.#settle(undefined);
  }

  /** There will be no more, and that is not the end. */
  fail(error: Error): void {
    if (this.#hasEnded) return;
    this.#error = error;
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.reject(error);
  }

  /** Whether the application waits for what the client has not sent. */
  get isAwaited(): boolean {
    return this.#reader !== undefined;
  }

  /** Nobody will read it: what comes is forgotten. */
  drop(): void {
    this.#isUnwanted = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#source.resume();
  }

  /** The next piece; `undefined` at the end. One at a time. */
  next(): Promise<Uint8Array | undefined> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#source.begin();
    }
    const piece = this.#waiting.shift();
    if (piece !== undefined) {
      this.#waitingBytes -= piece.length;
      if (this.#waitingBytes < MOST_WAITING) this.#source.resume();
      return Promise.resolve(piece);
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#hasEnded || this.#isUnwanted) return Promise.resolve(undefined);
    this.#reader = Promise.withResolvers();
    this.#source.resume();
    return this.#reader.promise;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (let piece = await this.next(); piece !== undefined; piece = await this.next()) yield piece;
  }

  #settle(piece: Uint8Array | undefined): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve(piece);
  }
}

import { FixedBuffer, transmit, WOULD_BLOCK } from '@gunicorn-ts/posix';

export const STORE_BYTES: number = 64 * 1024;

/** Writes without looking at its other arguments, as `write` does. Not in Node's types. */
type FastBuffer = Buffer & {
  latin1Write(text: string, offset: number): number;
  utf8Write(text: string, offset: number): number;
};

/** Up to so many characters a loop is done before a call of Node's has begun. */
const SHORT_TEXT = 64;
const LAST_ASCII = 0x7f;

/** Who has put something into the store. */
export interface StoreOwner {
  readonly fd: number;
  /** Sends what it has there, or keeps it elsewhere. */
  flush(): void;
}

/**
 * Bytes on their way to the kernel, of the one connection that is being written: a response is put together here,
 * at an address that is known, and leaves in one call.
 */
class WriteStore {
  readonly #buffer = new FixedBuffer(STORE_BYTES);
  readonly #bytes = this.#buffer.bytes as FastBuffer;
  #length = 0;
  #owner: StoreOwner | undefined;

  /** Bytes that can still be added. */
  room(owner: StoreOwner): number {
    if (this.#owner !== owner) {
      this.#owner?.flush();
      this.#owner = owner;
    }
    return STORE_BYTES - this.#length;
  }

  /** There must be room for a byte a character. */
  latin1(text: string): void {
    if (text.length <= SHORT_TEXT && this.#ascii(text)) return;
    this.#length += this.#bytes.latin1Write(text, this.#length);
  }

  /** There must be room for three bytes a character. */
  utf8(text: string): void {
    if (text.length <= SHORT_TEXT && this.#ascii(text)) return;
    this.#length += this.#bytes.utf8Write(text, this.#length);
  }

  /** There must be room. */
  bytes(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** @returns false when it is not ASCII */
  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    const from = this.#length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > LAST_ASCII) return false;
      bytes[from + index] = code;
    }
    this.#length = from + text.length;
    return true;
  }

  /** Bytes that the owner has here. */
  held(owner: StoreOwner): number {
    return this.#owner === owner ? this.#length : 0;
  }

  /**
   * Sends what is here, as much as the kernel takes.
   * @param isLast the sending side is shut down next: the kernel may hold the bytes back until then
   * @returns what it did not take
   * @throws {PosixError}
   */
  send(owner: StoreOwner, isLast: boolean): Buffer | undefined {
    const length = this.#length;
    this.#length = 0;
    this.#owner = undefined;
    const sent = transmit(owner.fd, this.#buffer, length, isLast);
    if (sent === length) return undefined;
    return Buffer.from(this.#bytes.subarray(sent === WOULD_BLOCK ? 0 : sent, length));
  }

  /** A copy of what is here, which is no longer. */
  take(owner: StoreOwner): Buffer | undefined {
    if (this.#owner !== owner) return undefined;
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.drop(owner);
    return taken.length === 0 ? undefined : taken;
  }

  drop(owner: StoreOwner): void {
    if (this.#owner !== owner) return;
    this.#length = 0;
    this.#owner = undefined;
  }
}

let shared: WriteStore | undefined;

/** The store of this process; made when something is first written. */
export function writeStore(): WriteStore {
  return (shared ??= new WriteStore());
}

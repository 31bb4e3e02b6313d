/** Before each message stands its length, as four bytes, the highest first. */
const HEAD_BYTES = 4;

/** A message as it goes over the socket. */
export function encodeFrame(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const frame = Buffer.allocUnsafe(HEAD_BYTES + text.length);
  frame.writeUInt32BE(text.length, 0);
  text.copy(frame, HEAD_BYTES);
  return frame;
}

/** Cuts what arrives into the texts of messages. */
export class FrameReader {
  readonly #mostBytes: number;
  #held: Buffer = Buffer.alloc(0);

  /** @param mostBytes of one message */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
  }

  /** The message that begins here says that it is longer than allowed. */
  get isTooLong(): boolean {
    return this.#length > this.#mostBytes;
  }

  /** A message has begun to arrive. */
  get isInside(): boolean {
    return this.#held.length > 0;
  }

  /** The text of the next message, once it is there as a whole. */
  next(): string | undefined {
    const end = HEAD_BYTES + this.#length;
    if (this.#held.length < end || this.isTooLong) return undefined;
    const text = this.#held.toString('utf8', HEAD_BYTES, end);
    this.#held = this.#held.subarray(end);
    return text;
  }

  get #length(): number {
    return this.#held.length < HEAD_BYTES ? 0 : this.#held.readUInt32BE(0);
  }
}

import { addressOf } from './system-calls.ts';

/**
 * Bytes at a place in memory that is known: a call that is given the address need not look at the object,
 * which costs it more than the call itself.
 */
export class FixedBuffer {
  readonly bytes: Buffer;
  readonly address: bigint;

  /** @param size in bytes */
  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
    this.address = addressOf(this.bytes);
  }
}

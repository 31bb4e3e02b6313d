import { addressOf } from './system-calls.ts';

/**
 * Bytes at a place in memory that is known: a call that is given the address need not look at the object,
 * which costs it more than the call itself.
 */
export class FixedBuffer {
  readonly bytes: Buffer;
  /** Exact: no system gives a process addresses of more than 2^53. */
  readonly address: number;

  /**
   * @param size in bytes
   * @param access `shared` when other threads are to see what is in it
   */
  constructor(size: number, access: 'own' | 'shared' = 'own') {
    this.bytes = access === 'own' ? Buffer.alloc(size) : Buffer.from(new SharedArrayBuffer(size));
    this.address = Number(addressOf(this.bytes));
  }
}

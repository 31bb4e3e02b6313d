/** The cell holds no connection. */
const NOBODY = -1;

/**
 * Says in shared memory whose response has not begun, so that the watchdog thread can answer that client when
 * this thread hangs. Either side takes the descriptor out of the cell before it writes: only one answers.
 */
export class HungAnswer {
  readonly #cell: Int32Array | undefined;
  #offered = false;

  /** @param cell one cell, or `undefined` when nobody watches */
  constructor(cell: Int32Array | undefined) {
    this.#cell = cell;
  }

  offer(fd: number): void {
    if (this.#cell === undefined) return;
    this.#offered = true;
    Atomics.store(this.#cell, 0, fd);
  }

  /** False when the watchdog has answered: then nothing must be written, and the descriptor not be reused. */
  takeBack(): boolean {
    if (this.#cell === undefined || !this.#offered) return true;
    this.#offered = false;
    return Atomics.exchange(this.#cell, 0, NOBODY) !== NOBODY;
  }
}

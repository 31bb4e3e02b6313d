import type { RequestHead } from '@gunicorn-ts/http';

/** The cell holds no connection. */
const NOBODY = -1;
const PREFIX_BYTES = 4;

/**
 * Says in shared memory whose response has not begun, so that the watchdog thread can answer that client when
 * this thread hangs, and write its line in the access log. Either side takes the descriptor out of the cell before it
 * writes: only one answers.
 */
export class HungAnswer {
  readonly #cell: Int32Array | undefined;
  readonly #memory: Buffer | undefined;
  #offered = false;

  /**
   * @param cell one cell, or `undefined` when nobody watches
   * @param memory for the request, or `undefined` when nobody logs it
   */
  constructor(cell: Int32Array | undefined, memory?: Uint8Array) {
    this.#cell = cell;
    this.#memory = memory && Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  offer(fd: number, head: RequestHead, remoteAddress: string): void {
    if (this.#cell === undefined) return;
    this.#offered = true;
    if (this.#memory !== undefined) describe(this.#memory, head, remoteAddress);
    Atomics.store(this.#cell, 0, fd);
  }

  /** Whether the watchdog has answered the client that was offered, and nobody has heard of it yet. */
  get isAnswered(): boolean {
    return this.#cell !== undefined && this.#offered && Atomics.load(this.#cell, 0) === NOBODY;
  }

  /** False when the watchdog has answered: then nothing must be written, and the descriptor not be reused. */
  takeBack(): boolean {
    if (this.#cell === undefined || !this.#offered) return true;
    this.#offered = false;
    return Atomics.exchange(this.#cell, 0, NOBODY) !== NOBODY;
  }
}

/** In the form of `WorkerContext.currentRequest`. */
function describe(memory: Buffer, { method, target, protocol, fields }: RequestHead, peer: string): void {
  let text = `${Date.now()}\n${peer}\n${method}\n${target}\n${protocol}`;
  for (let index = 0; index < fields.count; index++) text += `\n${fields.name(index)}:${fields.value(index)}`;
  memory.writeUInt32LE(memory.write(text, PREFIX_BYTES, 'latin1'), 0);
}

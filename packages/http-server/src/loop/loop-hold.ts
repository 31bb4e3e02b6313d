import type { DescriptorLoop } from './descriptor-loop.ts';

/** Keeps the process alive for one who watches descriptors, as the handles of Node do. */
export class LoopHold {
  readonly #loop: DescriptorLoop;
  #isHolding = false;

  constructor(loop: DescriptorLoop) {
    this.#loop = loop;
  }

  ref(): void {
    if (this.#isHolding) return;
    this.#isHolding = true;
    this.#loop.hold();
  }

  unref(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#loop.release();
  }
}

import type { Lane } from './lane.ts';

/** The lanes of a child. A request takes one, and waits in line when all are taken. */
export class LanePool {
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  constructor(lanes: readonly Lane[]) {
    this.#free = [...lanes];
  }

  take(): Lane | Promise<Lane> {
    const lane = this.#free.pop();
    return lane ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  giveBack(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(lane);
    else next(lane);
  }
}

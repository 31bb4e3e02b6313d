import type { ChildGoneError } from './errors.ts';
import type { Lane } from './lane.ts';

interface Waiting {
  resolve(lane: Lane): void;
  reject(error: ChildGoneError): void;
}

/** The lanes of a child. A request takes one, and waits in line when all are taken. */
export class LanePool {
  readonly #free: Lane[];
  readonly #usable: Set<Lane>;
  readonly #waiting: Waiting[] = [];
  #loss: ChildGoneError | undefined;

  constructor(lanes: readonly Lane[]) {
    this.#free = [...lanes];
    this.#usable = new Set(lanes);
  }

  /** @throws {ChildGoneError} when there is none any more */
  take(): Lane | Promise<Lane> {
    const lane = this.#free.pop();
    if (lane !== undefined) return lane;
    if (this.#loss !== undefined) throw this.#loss;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  giveBack(lane: Lane): void {
    if (!this.#usable.has(lane)) return;
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(lane);
    else next.resolve(lane);
  }

  /** A lane is of no use any more. With the last one, nobody is left waiting. */
  lose(lane: Lane, loss: ChildGoneError): void {
    this.#usable.delete(lane);
    const place = this.#free.indexOf(lane);
    if (place >= 0) this.#free.splice(place, 1);
    if (this.#usable.size > 0) return;
    this.#loss = loss;
    for (const { reject } of this.#waiting.splice(0)) reject(loss);
  }
}

import type { ChildGoneError } from './errors.ts';
import type { Lane } from './lane.ts';

interface Waiting {
  resolve(lane: Lane): void;
  reject(error: ChildGoneError): void;
}

/** The lanes of one process. */
interface Group {
  readonly free: Lane[];
}

/**
 * The lanes of one process, or of several. A request takes one of the process with the least to do, and waits in line
 * when all are taken.
 */
export class LanePool {
  readonly #groups: Set<Group> = new Set();
  readonly #usable: Map<Lane, Group> = new Map();
  /** Those that are given to nobody any more may still carry their last request. */
  readonly #open: Set<Lane> = new Set();
  readonly #waiting: Waiting[] = [];
  #loss: ChildGoneError | undefined;

  /** The lanes of a further process. */
  join(lanes: readonly Lane[]): void {
    const group: Group = { free: [] };
    this.#groups.add(group);
    for (const lane of lanes) {
      this.#usable.set(lane, group);
      this.#open.add(lane);
      this.giveBack(lane);
    }
  }

  /** @throws {ChildGoneError} when there is none any more */
  take(): Lane | Promise<Lane> {
    // Of equals the first: what the others do not touch, they go on sharing.
    let idlest: Group | undefined;
    for (const group of this.#groups) if (group.free.length > (idlest?.free.length ?? 0)) idlest = group;
    const lane = idlest?.free.pop();
    if (lane !== undefined) return lane;
    if (this.#loss !== undefined) throw this.#loss;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  giveBack(lane: Lane): void {
    const group = this.#usable.get(lane);
    if (group === undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) group.free.push(lane);
    else next.resolve(lane);
  }

  /** Tells the process that nobody wants its answer to the request of this number, if it still has that. */
  giveUp(number: number): void {
    for (const { current } of this.#open) if (current?.number === number) current.owner?.giveUp();
  }

  /** Gives these lanes to nobody any more. */
  withdraw(lanes: readonly Lane[]): void {
    for (const lane of lanes) {
      const group = this.#usable.get(lane);
      this.#usable.delete(lane);
      if (lane.closed) this.#open.delete(lane);
      const place = group?.free.indexOf(lane) ?? -1;
      if (place >= 0) group!.free.splice(place, 1);
    }
    const left = new Set(this.#usable.values());
    for (const group of this.#groups) if (!left.has(group)) this.#groups.delete(group);
  }

  /** A lane is of no use any more, and nothing comes in its place. With the last one, nobody is left waiting. */
  lose(lane: Lane, loss: ChildGoneError): void {
    this.withdraw([lane]);
    if (this.#usable.size === 0) this.close(loss);
  }

  /** There will be no lanes any more. */
  close(loss: ChildGoneError): void {
    this.#loss = loss;
    for (const { reject } of this.#waiting.splice(0)) reject(loss);
  }
}

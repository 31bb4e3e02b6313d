import { closeSync } from 'node:fs';
import { BlockingLane } from './blocking-lane.ts';

/** The worker's ends of the lanes. */
export interface ChildLanes {
  readonly count: number;
  /** Takes over connections to a process that runs: blocking descriptors. */
  connected(fds: readonly number[]): void;
  close(): void;
}

/** One lane on which this thread waits. */
export class BlockingLanes implements ChildLanes {
  readonly count = 1;
  readonly #onWaiting: () => void;
  #fd = -1;
  #lane: BlockingLane | undefined;

  /** @param onWaiting see `DuplexSocket` */
  constructor(onWaiting: () => void) {
    this.#onWaiting = onWaiting;
  }

  /** Once there is a process. */
  get lane(): BlockingLane {
    return this.#lane!;
  }

  connected([fd]: readonly number[]): void {
    this.#fd = fd!;
    this.#lane = new BlockingLane(fd!, this.#onWaiting);
  }

  close(): void {
    this.lane.retire();
    closeSync(this.#fd);
  }
}

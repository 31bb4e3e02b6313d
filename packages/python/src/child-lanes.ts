import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
import { BlockingLane } from './blocking-lane.ts';
import { Lane } from './lane.ts';

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

/** Lanes of the event loop; `spawn` makes a pair of sockets for each `pipe`. */
export class AsyncLanes implements ChildLanes {
  readonly count: number;
  readonly #log: Logger;
  #lanes: readonly Lane[] = [];

  constructor(count: number, log: Logger) {
    this.count = count;
    this.#log = log;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  connected(fds: readonly number[]): void {
    this.#lanes = fds.map((fd) => new Lane(new Socket({ fd, readable: true, writable: true }), this.#log));
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

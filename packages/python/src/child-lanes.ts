import type { StdioOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
import { openSocketPair, setBlocking } from '@gunicorn-ts/posix';
import { BlockingLane } from './blocking-lane.ts';
import { Lane } from './lane.ts';

type Stdio = Exclude<StdioOptions, string>[number];

/** The worker's ends of the lanes. */
export interface ChildLanes {
  readonly count: number;
  /** Makes them for a process that is about to start: what `spawn` is given, in their order. */
  create(): readonly Stdio[];
  /** Called with what `spawn` made of that. */
  started(sockets: readonly (Socket | null | undefined)[]): void;
  /** Takes over connections to a process that runs: blocking descriptors. */
  connected(fds: readonly number[]): void;
  close(): void;
}

/** One lane on which this thread waits. */
export class BlockingLanes implements ChildLanes {
  readonly count = 1;
  #fd = -1;
  #theirs = -1;
  #lane: BlockingLane | undefined;

  /** Once there is a process. */
  get lane(): BlockingLane {
    return this.#lane!;
  }

  create(): readonly Stdio[] {
    const [ours, theirs] = openSocketPair();
    setBlocking(ours);
    setBlocking(theirs);
    this.connected([ours]);
    this.#theirs = theirs;
    return [theirs];
  }

  started(): void {
    closeSync(this.#theirs);
  }

  connected([fd]: readonly number[]): void {
    this.#fd = fd!;
    this.#lane = new BlockingLane(fd!);
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

  create(): readonly Stdio[] {
    return Array.from({ length: this.count }, () => 'pipe' as const);
  }

  started(sockets: readonly (Socket | null | undefined)[]): void {
    this.#lanes = sockets.flatMap((socket) => (socket ? [new Lane(socket, this.#log)] : []));
  }

  connected(fds: readonly number[]): void {
    this.started(fds.map((fd) => new Socket({ fd, readable: true, writable: true })));
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

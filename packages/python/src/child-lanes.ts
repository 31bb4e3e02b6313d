import type { StdioOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Logger } from '@gunicorn-ts/interface';
import { openSocketPair, setBlocking } from '@gunicorn-ts/posix';
import { BlockingLane } from './blocking-lane.ts';
import { Lane } from './lane.ts';

type Stdio = Exclude<StdioOptions, string>[number];

/** The worker's ends of the lanes to a process that is about to start. */
export interface ChildLanes {
  /** What `spawn` is given for them, in their order. */
  readonly stdio: readonly Stdio[];
  /** Called with what `spawn` made of {@link stdio}. */
  started(sockets: readonly (Socket | null | undefined)[]): void;
  close(): void;
}

/** One lane on which this thread waits. */
export class BlockingLanes implements ChildLanes {
  readonly lane: BlockingLane;
  readonly stdio: readonly Stdio[];
  readonly #fd: number;
  readonly #theirs: number;

  constructor() {
    const [ours, theirs] = openSocketPair();
    setBlocking(ours);
    setBlocking(theirs);
    this.#fd = ours;
    this.#theirs = theirs;
    this.stdio = [theirs];
    this.lane = new BlockingLane(ours);
  }

  started(): void {
    closeSync(this.#theirs);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Lanes of the event loop; `spawn` makes a pair of sockets for each `pipe`. */
export class AsyncLanes implements ChildLanes {
  readonly stdio: readonly Stdio[];
  readonly #log: Logger;
  #lanes: readonly Lane[] = [];

  constructor(count: number, log: Logger) {
    this.stdio = Array.from({ length: count }, () => 'pipe' as const);
    this.#log = log;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  started(sockets: readonly (Socket | null | undefined)[]): void {
    this.#lanes = sockets.flatMap((socket) => (socket ? [new Lane(socket, this.#log)] : []));
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

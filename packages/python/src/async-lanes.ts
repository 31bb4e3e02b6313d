import { openWire } from '@gunicorn-ts/http-server';
import type { Logger } from '@gunicorn-ts/interface';
import type { ChildLanes } from './child-lanes.ts';
import { GivenUpError } from './errors.ts';
import { Lane } from './lane.ts';

/** Lanes of the event loop. */
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
    this.#lanes = fds.map((fd) => new Lane(openWire(fd), this.#log));
  }

  /** The process hangs: those who wait are answered for it. */
  giveUp(): void {
    for (const lane of this.#lanes) lane.fail(new GivenUpError());
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

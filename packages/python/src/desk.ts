import type { Logger } from '@gunicorn-ts/interface';
import { AsyncLanes } from './async-lanes.ts';
import type { ChildLanes } from './child-lanes.ts';
import type { OnLoss } from './lane-loss.ts';
import type { LanePool } from './lane-pool.ts';
import { LaneRequests } from './lane-requests.ts';

/**
 * Where one of several Python processes behind a worker gets its requests. What gives them out knows of it from `open`
 * to `withdraw`. Lives in the worker process.
 */
export interface Desk {
  readonly lanes: ChildLanes;
  /** Requests that were begun. */
  readonly served: number;
  /** Whether one request that does not wait holds up all of the process. */
  readonly isLoop: boolean;
  /** Of which nobody else says that they take too long. */
  readonly requests: LaneRequests | undefined;
  /** @param onLoss called when nothing more can be had from the process */
  open(onLoss: OnLoss): void;
  withdraw(): void;
  /** In words, the oldest first. */
  describe(): readonly string[];
  /** The process hangs: those who wait are answered for it. */
  giveUp(): void;
  /** Resolves when the lanes may be closed, while the others serve on. */
  retire(): Promise<void>;
  /** The same when the worker itself is at its end. */
  leave(): Promise<void>;
}

/** Lanes that carry one request each. */
export class LaneDesk implements Desk {
  readonly lanes: AsyncLanes;
  readonly isLoop: boolean;
  readonly #pool: LanePool;
  #requests: LaneRequests | undefined;

  constructor(pool: LanePool, mode: { readonly lanes: number; readonly isLoop: boolean }, log: Logger) {
    this.#pool = pool;
    this.lanes = new AsyncLanes(mode.lanes, log);
    this.isLoop = mode.isLoop;
  }

  get served(): number {
    return this.lanes.lanes.reduce((sum, lane) => sum + lane.served, 0);
  }

  /** The lanes are there from the moment of the fork. */
  get requests(): LaneRequests {
    return (this.#requests ??= new LaneRequests(this.lanes.lanes));
  }

  open(onLoss: OnLoss): void {
    this.#pool.join(this.lanes.lanes);
    for (const lane of this.lanes.lanes)
      lane.onLoss((loss) => {
        this.#pool.withdraw([lane]);
        return onLoss(loss);
      });
  }

  withdraw(): void {
    this.#pool.withdraw(this.lanes.lanes);
  }

  describe(): readonly string[] {
    return this.requests.describe();
  }

  giveUp(): void {
    this.lanes.giveUp();
  }

  async retire(): Promise<void> {
    await Promise.all(this.lanes.lanes.map((lane) => lane.idle()));
  }

  leave(): Promise<void> {
    return this.retire();
  }
}

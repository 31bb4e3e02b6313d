import type { Desk } from '../desk.ts';
import type { OnLoss } from '../lane-loss.ts';
import type { Bus } from './bus.ts';
import type { BusPool } from './bus-pool.ts';

/** The bus of one of several ASGI processes. */
export class BusDesk implements Desk {
  readonly lanes: Bus;
  readonly isLoop = true;
  /** The worker class says it, whose connections they are. */
  readonly requests = undefined;
  readonly #pool: BusPool;
  readonly #graceMs: number;

  /** @param graceMs how long what runs may go on when the process is replaced */
  constructor(pool: BusPool, bus: Bus, graceMs: number) {
    this.#pool = pool;
    this.lanes = bus;
    this.#graceMs = graceMs;
  }

  get served(): number {
    return this.lanes.served;
  }

  open(onLoss: OnLoss): void {
    this.#pool.join(this.lanes);
    this.lanes.onLoss((loss) => {
      this.withdraw();
      return onLoss(loss);
    });
  }

  withdraw(): void {
    this.#pool.withdraw(this.lanes);
  }

  describe(): readonly string[] {
    return this.lanes.describe();
  }

  giveUp(): void {
    this.lanes.giveUp();
  }

  retire(): Promise<void> {
    return this.lanes.retire(this.#graceMs);
  }

  /** The worker has ended what there was of requests; the process waits for its own rest. */
  leave(): Promise<void> {
    return Promise.resolve();
  }
}

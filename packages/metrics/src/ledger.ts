import { type Figures, grown, NO_FIGURES, sumOf } from './figures.ts';
import { readMemory, type WorkerReading } from './read-memory.ts';

interface Account {
  readonly slot: number;
  readonly figures: Figures;
}

/** One look at a living worker. */
export interface LedgerReading extends WorkerReading {
  /** What it has counted, without its earlier ones of the same slot. */
  readonly figures: Figures;
}

/**
 * Adds up what workers count, so that no sum is ever less than it was: neither when a worker ends, whose last figures stay
 * in the total of its slot, nor when one writes nonsense. Lives in the arbiter.
 */
export class Ledger {
  readonly #living: Map<number, Account> = new Map();
  readonly #retired: Map<number, Figures> = new Map();
  /** Requests that were with workers which ended. */
  #lost = 0;

  get lost(): number {
    return this.#lost;
  }

  /** Takes a look at a worker's memory; without memory what is known of it. */
  look(
    { age, slot }: { readonly age: number; readonly slot: number },
    memory: Uint8Array | undefined,
    nowMs: number,
  ): LedgerReading {
    const before = this.#living.get(age)?.figures ?? NO_FIGURES;
    const reading =
      memory === undefined
        ? { figures: before, busyForMs: 0, request: undefined }
        : readMemory(memory, nowMs);
    const figures = grown(before, reading.figures);
    this.#living.set(age, { slot, figures });
    return { ...reading, figures };
  }

  /** The worker has ended: a last look. */
  retire(
    worker: { readonly age: number; readonly slot: number },
    memory: Uint8Array | undefined,
    nowMs: number,
  ): void {
    const { figures } = this.look(worker, memory, nowMs);
    this.#living.delete(worker.age);
    const { requestsArrived, requestsEnded } = figures.counters;
    this.#lost += Math.max(0, Math.floor(requestsArrived - requestsEnded));
    // Nothing of theirs is open or under way any more.
    const settled = {
      ...figures.counters,
      requestsArrived: requestsEnded,
      connectionsClosed: figures.counters.connectionsOpened,
    };
    const before = this.#retired.get(worker.slot) ?? NO_FIGURES;
    this.#retired.set(worker.slot, sumOf(before, { ...figures, counters: settled }));
  }

  /** What was counted, by the number of the worker: by those that ended, and by those that live as they were last seen. */
  bySlot(): ReadonlyMap<number, Figures> {
    const slots = new Map(this.#retired);
    for (const { slot, figures } of this.#living.values())
      slots.set(slot, sumOf(slots.get(slot) ?? NO_FIGURES, figures));
    return new Map([...slots].sort(([one], [other]) => one - other));
  }
}

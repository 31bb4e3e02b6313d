import type { WorkerCounts } from '@gunicorn-ts/interface';
import type { WorkerState } from './worker-state.ts';

/** Who is alive, oldest first. The only owner of that knowledge; immutable. */
export class WorkerTable {
  readonly #byAge: ReadonlyMap<number, WorkerState>;

  constructor(workers: ReadonlyMap<number, WorkerState> = new Map()) {
    this.#byAge = workers;
  }

  get size(): number {
    return this.#byAge.size;
  }

  get(age: number): WorkerState | undefined {
    return this.#byAge.get(age);
  }

  all(): WorkerState[] {
    return [...this.#byAge.values()];
  }

  /** Workers that serve or will serve: neither leaving nor hung. */
  live(): WorkerState[] {
    return this.all().filter((worker) => worker.phase !== 'draining' && worker.hung === undefined);
  }

  ready(): WorkerState[] {
    return this.live().filter((worker) => worker.phase === 'ready');
  }

  with(worker: WorkerState): WorkerTable {
    return new WorkerTable(new Map(this.#byAge).set(worker.age, worker));
  }

  without(age: number): WorkerTable {
    const workers = new Map(this.#byAge);
    workers.delete(age);
    return new WorkerTable(workers);
  }

  counts(target: number): WorkerCounts {
    const all = this.all();
    const count = (phase: WorkerState['phase']): number =>
      all.filter((worker) => worker.phase === phase).length;
    return { target, booting: count('booting'), ready: count('ready'), draining: count('draining') };
  }
}

import type { ArbiterControl, ArbiterView, LifecycleMoment, WorkerCounts } from '@gunicorn-ts/interface';

/** How a reload ended. */
export interface PastReload {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly result: 'done' | 'refused';
  readonly error?: string;
}

const NOBODY: WorkerCounts = { target: 0, booting: 0, ready: 0, draining: 0 };

/** What the arbiter's moments have told so far. Lives in the arbiter. */
export class Chronicle {
  /** Milliseconds since 1970. */
  readonly startedAt: number = Date.now();
  readonly #started: number = performance.now();
  arbiter: ArbiterView | undefined;
  control: ArbiterControl | undefined;
  /** The arbiter that started this one by USR2, while it serves on. */
  parentPid: number | undefined;
  /** The second arbiter, which this one has started by USR2. */
  successor: number | undefined;
  phase: 'starting' | 'serving' | 'stopping' = 'starting';
  counts: WorkerCounts = NOBODY;
  isReloading = false;
  /** Not to be sent requests; what comes is served. */
  isDrained = false;
  lastReload: PastReload | undefined;
  /** Reloads that were taken up. */
  reloads = 0;
  /** Workers that were started. */
  spawned = 0;

  get upSeconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  tell(moment: LifecycleMoment): void {
    switch (moment.moment) {
      case 'starting':
        this.arbiter = moment.arbiter;
        this.control = moment.control;
        this.parentPid = moment.parentPid;
        return;
      case 'ready':
        this.phase = 'serving';
        return;
      case 'counts':
      case 'tick':
        this.counts = moment.counts;
        this.#countWorkers();
        return;
      case 'reloading':
        this.isReloading = true;
        return;
      case 'reloaded':
        return this.#reloaded(moment.error);
      case 'upgrading':
        this.successor = moment.pid;
        return;
      case 'upgrade-failed':
        this.successor = undefined;
        return;
      case 'withdrawing':
        this.isDrained = true;
        return;
      case 'resumed':
        this.isDrained = false;
        return;
      case 'promoted':
        this.parentPid = undefined;
        return;
      case 'stopping':
        this.phase = 'stopping';
        return;
    }
  }

  #reloaded(error: string | undefined): void {
    this.isReloading = false;
    this.phase = this.phase === 'starting' ? 'serving' : this.phase;
    if (error === undefined) this.reloads += 1;
    this.lastReload = {
      at: Date.now(),
      ...(error === undefined ? { result: 'done' } : { result: 'refused', error }),
    };
  }

  #countWorkers(): void {
    for (const { age } of this.arbiter?.workers() ?? []) this.spawned = Math.max(this.spawned, age);
  }
}

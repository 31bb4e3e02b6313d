import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import type { WorkerView } from '@gunicorn-ts/interface';
import type { ServerCount, ServerFigures, WorkerCount, WorkerFigures, ListenerFigures } from '../figures.ts';
import type { Chronicle } from './chronicle.ts';
import { isDescendant, ProcessUses } from './process-use.ts';
import { arbiterOf } from './show.ts';

/** What workers have counted, where somebody reads it. */
export interface Counts {
  readonly server: ServerCount;
  readonly listeners: readonly ListenerFigures[];
  worker(age: number): WorkerCount | undefined;
}

/** Gathers figures of all processes of the server. Lives in the arbiter. */
export class FigureReader {
  readonly #uses: ProcessUses = new ProcessUses();
  readonly #counts: (() => Counts | undefined) | undefined;

  constructor(counts?: () => Counts | undefined) {
    this.#counts = counts;
  }

  async read(chronicle: Chronicle): Promise<ServerFigures> {
    const arbiter = arbiterOf(chronicle);
    const counts = this.#counts?.();
    const workers = arbiter.workers().filter(({ pid }) => pid > 0);
    const [own, ...others] = await Promise.all([
      this.#uses.of(process.pid),
      ...workers.map((worker) => this.#ofWorker(worker, counts)),
    ]);
    const pids = workers.flatMap(({ pid, applicationPid = 0 }) => [pid, applicationPid]);
    this.#uses.keep(new Set([process.pid, ...pids]));
    return {
      atMs: performance.now(),
      ...(own !== undefined && { arbiter: own }),
      workers: others,
      listeners: counts?.listeners ?? arbiter.listeners.map(({ url }) => ({ url })),
      ...(counts !== undefined && { count: counts.server }),
      system: { cores: availableParallelism(), load: loadavg(), memoryBytes: memoryLimit() },
    };
  }

  async #ofWorker({ age, pid, applicationPid }: WorkerView, counts: Counts | undefined): Promise<WorkerFigures> {
    // A worker may say any number: that of a process of somebody else is not looked at.
    const behind = applicationPid !== undefined && isDescendant(applicationPid) ? applicationPid : undefined;
    const [use, application] = await Promise.all([
      this.#uses.of(pid),
      behind === undefined ? undefined : this.#uses.of(behind),
    ]);
    const count = counts?.worker(age);
    return {
      age,
      ...(use !== undefined && { use }),
      ...(application !== undefined && { application }),
      ...(count !== undefined && { count }),
    };
  }
}

/** In a container that of its control group, version 2 or 1. */
function memoryLimit(): number {
  for (const file of ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']) {
    try {
      const limit = Number(readFileSync(file, 'utf8'));
      if (Number.isFinite(limit) && limit > 0 && limit < totalmem()) return limit;
    } catch {
      // Not this version.
    }
  }
  return totalmem();
}

import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import type { WorkerView } from '@gunicorn-ts/interface';
import {
  allTimes,
  countOf,
  type Recorder,
  renderMetrics,
  statusOfRow,
  type Snapshot,
  type WorkerSnapshot,
} from '@gunicorn-ts/metrics';
import type { ListenerFigures, ServerCount, ServerFigures, WorkerCount, WorkerFigures } from '../figures.ts';
import type { Chronicle } from './chronicle.ts';
import { isDescendant, ProcessUses } from './process-use.ts';
import { CommandError } from './command-error.ts';
import { arbiterOf } from './show.ts';

/** Gathers figures of all processes of the server. Lives in the arbiter. */
export class FigureReader {
  readonly #uses: ProcessUses = new ProcessUses();
  readonly #recorder: (() => Recorder | undefined) | undefined;

  constructor(recorder?: () => Recorder | undefined) {
    this.#recorder = recorder;
  }

  /** The page that Prometheus reads. @throws {CommandError} when nothing is counted */
  text(byWorker: boolean): string {
    const recorder = this.#recorder?.();
    if (recorder === undefined) throw new CommandError('the server has not started yet');
    return renderMetrics(recorder.snapshot(), { format: 'prometheus', byWorker });
  }

  async read(chronicle: Chronicle): Promise<ServerFigures> {
    const arbiter = arbiterOf(chronicle);
    const recorder = this.#recorder?.();
    const snapshot = arbiter.settings.metrics ? recorder?.snapshot('counts') : undefined;
    const workers = arbiter.workers().filter(({ pid }) => pid > 0);
    const [own, ...others] = await Promise.all([
      this.#uses.of(process.pid),
      ...workers.map((worker) => this.#ofWorker(worker, snapshot)),
    ]);
    const pids = workers.flatMap(({ pid, applicationPid = 0 }) => [pid, applicationPid]);
    this.#uses.keep(new Set([process.pid, ...pids]));
    return {
      atMs: performance.now(),
      ...(own !== undefined && { arbiter: own }),
      workers: others,
      listeners: recorder?.listeners().map(listenerFigures) ?? arbiter.listeners.map(({ url }) => ({ url })),
      ...(snapshot !== undefined && { count: serverCount(snapshot) }),
      system: { cores: availableParallelism(), load: loadavg(), memoryBytes: memoryLimit() },
    };
  }

  async #ofWorker(
    { age, pid, applicationPid }: WorkerView,
    snapshot: Snapshot | undefined,
  ): Promise<WorkerFigures> {
    // A worker may say any number: that of a process of somebody else is not looked at.
    const behind = applicationPid !== undefined && isDescendant(applicationPid) ? applicationPid : undefined;
    const [use, application] = await Promise.all([
      this.#uses.of(pid),
      behind === undefined ? undefined : this.#uses.of(behind),
    ]);
    const counted = snapshot?.workers.find((one) => one.age === age);
    const count = counted && workerCount(counted);
    return {
      age,
      ...(use !== undefined && { use }),
      ...(application !== undefined && { application }),
      ...(count !== undefined && { count }),
    };
  }
}

function workerCount({ requests, busySeconds, inFlight, request }: WorkerSnapshot): WorkerCount {
  return { requests, busySeconds, inFlight, ...(request !== undefined && { request }) };
}

function serverCount({ totals, counts }: Snapshot): ServerCount {
  const of = (from: number, to: number): number =>
    [...totals.rows].reduce((sum, [key, times]) => {
      const status = statusOfRow(key);
      return status >= from && status < to ? sum + countOf(times) : sum;
    }, 0);
  const asked = counts.exits.asked + counts.exits.requests + counts.exits.lifetime + counts.exits.memory;
  const exits = Object.values(counts.exits).reduce((sum, number) => sum + number, 0);
  return {
    requests: totals.counters.requestsEnded,
    clientErrors: of(400, 500),
    serverErrors: of(500, 600),
    durations: allTimes(totals).buckets,
    restarts: exits - asked,
  };
}

function listenerFigures({ url, queue }: Snapshot['listeners'][number]): ListenerFigures {
  return queue === undefined ? { url } : { url, waiting: queue.waiting, limit: queue.limit };
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

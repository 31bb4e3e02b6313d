import { loadavg, totalmem } from 'node:os';
import type { WorkerView } from '@gunicorn-ts/interface';
import {
  allTimes,
  countOf,
  isDescendant,
  type Recorder,
  renderMetrics,
  statusOfRow,
  sumOfTimes,
  type Snapshot,
  type WorkerSnapshot,
} from '@gunicorn-ts/metrics';
import { coresAllowed, groupLimits, throttledSeconds } from '@gunicorn-ts/posix';
import type {
  ListenerFigures,
  ProcessUse,
  ServerCount,
  ServerFigures,
  WorkerCount,
  WorkerFigures,
} from '../figures.ts';
import type { Chronicle } from './chronicle.ts';
import { descendantsOf, nameOf } from './process-tree.ts';
import { ProcessUses } from './process-use.ts';
import { CommandError } from './command-error.ts';
import { arbiterOf } from './show.ts';

/** As many as a screen has room for. */
const MOST_EVENTS = 20;

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
    const all = descendantsOf(process.pid);
    this.#uses.keep(new Set([process.pid, ...all, ...workers.flatMap(pidsOf)]));
    const [own, ...figures] = await Promise.all([
      this.#uses.of(process.pid),
      ...workers.map((worker) => this.#ofWorker(worker, snapshot)),
    ]);
    const attributed = new Set([
      ...workers.flatMap(pidsOf),
      ...figures.flatMap(({ children = [] }) => children.map(({ pid }) => pid)),
    ]);
    return {
      atMs: performance.now(),
      ...(own !== undefined && { arbiter: own }),
      workers: figures,
      others: await this.#named(all.filter((pid) => !attributed.has(pid))),
      events: (recorder?.events() ?? []).slice(-MOST_EVENTS),
      listeners: recorder?.listeners().map(listenerFigures) ?? arbiter.listeners.map(({ url }) => ({ url })),
      ...(snapshot !== undefined && { count: serverCount(snapshot) }),
      system: { ...roomHere(), load: loadavg() },
    };
  }

  async #named(pids: readonly number[]): Promise<ServerFigures['others']> {
    const uses = await Promise.all(pids.map((pid) => this.#uses.of(pid)));
    return uses.flatMap((use) => (use === undefined ? [] : { ...use, name: nameOf(use.pid) }));
  }

  async #usesOf(pids: readonly number[]): Promise<readonly ProcessUse[]> {
    const uses = await Promise.all(pids.map((pid) => this.#uses.of(pid)));
    return uses.filter((use) => use !== undefined);
  }

  async #ofWorker(
    { age, pid, applicationPids }: WorkerView,
    snapshot: Snapshot | undefined,
  ): Promise<WorkerFigures> {
    // A worker may say any number: that of a process of somebody else is not looked at.
    const behind = applicationPids.filter((one) => isDescendant(one));
    const started = [pid, ...behind].flatMap(descendantsOf).filter((one) => !behind.includes(one));
    const use = await this.#uses.of(pid);
    const applications = await this.#usesOf(behind);
    const children = await this.#usesOf([...new Set(started)]);
    const counted = snapshot?.workers.find((one) => one.age === age);
    const count = counted && workerCount(counted);
    return {
      age,
      ...(use !== undefined && { use }),
      ...(applications.length > 0 && { applications }),
      ...(children.length > 0 && { children }),
      ...(count !== undefined && { count }),
    };
  }
}

function pidsOf({ pid, applicationPids }: WorkerView): readonly number[] {
  return [pid, ...applicationPids];
}

function workerCount({ requests, times, busySeconds, inFlight, request }: WorkerSnapshot): WorkerCount {
  return {
    requests,
    durationSeconds: times.sum,
    durations: times.buckets,
    busySeconds,
    inFlight,
    ...(request !== undefined && { request }),
  };
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
    waits: sumOfTimes(totals.waits.tcp, totals.waits.header).buckets,
    restarts: exits - asked,
  };
}

function listenerFigures({ url, queue }: Snapshot['listeners'][number]): ListenerFigures {
  if (queue === undefined) return { url };
  const { waiting, limit, drops } = queue;
  return { url, waiting, limit, ...(drops !== undefined && { drops }) };
}

/** In a container what its control group leaves. */
function roomHere(): Omit<ServerFigures['system'], 'load'> {
  const { memory, cores } = groupLimits();
  const throttled = cores && throttledSeconds();
  return {
    ...(throttled !== undefined && { throttledSeconds: throttled }),
    cores: coresAllowed(),
    memoryBytes: Math.min(memory?.value ?? Number.POSITIVE_INFINITY, totalmem()),
  };
}

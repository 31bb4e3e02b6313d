import {
  type ArbiterView,
  EXIT_CAUSES,
  type ExitCause,
  type LifecycleMoment,
  type LogLevel,
} from '@gunicorn-ts/interface';
import { groupMemory, listenQueue, throttledSeconds } from '@gunicorn-ts/posix';
import { EventLog } from './event-log.ts';
import { CpuAccount } from './cpu-account.ts';
import { record } from './figures.ts';
import { Ledger } from './ledger.ts';
import { figuresOfDescendants, type ProcessFigures, processFigures } from './process-figures.ts';
import {
  type ArbiterCounts,
  BOOT_BOUNDS,
  type ListenerSnapshot,
  type ServerEvent,
  type ServerReading,
  type ServerStage,
  type Snapshot,
  snapshotOf,
} from './snapshot.ts';

const FIRST_COUNTS: ArbiterCounts = {
  starts: 0,
  exits: record(EXIT_CAUSES, () => 0),
  reloads: { done: 0, refused: 0 },
  boots: { sum: 0, buckets: Array.from({ length: BOOT_BOUNDS.length + 1 }, () => 0) },
  logEntries: { warning: 0, error: 0, critical: 0 },
  lastReloadAt: 0,
};

/**
 * Follows the arbiter, and can say at any time how the server fares. Lives in the arbiter, as a subscriber to its moments:
 * asks no worker for anything.
 */
export class Recorder {
  readonly #view: ArbiterView;
  readonly #ledger = new Ledger();
  readonly #cpu = { workers: new CpuAccount(), applications: new CpuAccount() };
  readonly #events = new EventLog();
  readonly #startedAt: number = Date.now() - performance.now();
  #counts: ArbiterCounts = FIRST_COUNTS;
  #stage: ServerStage = { hasStarted: false, isReloading: false, phase: 'serving', hasSuccessor: false };

  constructor(view: ArbiterView) {
    this.#view = view;
  }

  get stage(): ServerStage {
    return this.#stage;
  }

  tell(moment: LifecycleMoment): void {
    this.#events.tell(moment);
    switch (moment.moment) {
      case 'worker-started':
        this.#counts = { ...this.#counts, starts: this.#counts.starts + 1 };
        return;
      case 'worker-ready':
        return this.#booted(moment.bootMs / 1000);
      case 'worker-ended':
        this.#ledger.retire(moment, this.#view.memory(moment.age), machineMs());
        this.#cpu.workers.end(moment.age);
        return this.#countExit(moment.cause);
      case 'ready':
        this.#stage = { ...this.#stage, hasStarted: true };
        return;
      case 'reloading':
        this.#stage = { ...this.#stage, isReloading: true };
        return;
      case 'reloaded':
        return this.#reloaded(moment.error !== undefined);
      case 'withdrawing':
        this.#stage = { ...this.#stage, phase: 'withdrawing' };
        return;
      case 'resumed':
        this.#stage = { ...this.#stage, phase: 'serving' };
        return;
      case 'stopping':
        this.#stage = {
          ...this.#stage,
          phase: 'stopping',
          hasSuccessor: moment.successor !== undefined,
        };
        return;
      case 'starting':
      case 'listening':
      case 'counts':
      case 'tick':
      case 'worker-hung':
      case 'promoted':
      case 'stopped':
        return;
    }
  }

  /** An entry of the arbiter's own error log. */
  logged(level: LogLevel): void {
    if (level !== 'warning' && level !== 'error' && level !== 'critical') return;
    const { logEntries } = this.#counts;
    this.#counts = { ...this.#counts, logEntries: { ...logEntries, [level]: logEntries[level] + 1 } };
  }

  /** The last things that happened, oldest first. */
  events(): readonly ServerEvent[] {
    return this.#events.list();
  }

  /** @param detail with what costs a look at each process: memory, processor time, open files */
  snapshot(detail: 'all' | 'counts' = 'all'): Snapshot {
    return snapshotOf(this.#reading(detail));
  }

  listeners(): readonly ListenerSnapshot[] {
    return this.#view.listeners.map(({ fd, url }) => ({ url, queue: listenQueue(fd) }));
  }

  #reading(detail: 'all' | 'counts'): ServerReading {
    const view = this.#view;
    const now = machineMs();
    const looks = detail === 'all';
    const workers = view.workers().map((worker) => {
      const process = looks && worker.pid > 0 ? processFigures(worker.pid) : undefined;
      this.#cpu.workers.note(worker.age, process?.cpuSeconds);
      return {
        view: worker,
        reading: this.#ledger.look(worker, view.memory(worker.age), now),
        process,
        applications: looks ? figuresOfDescendants(worker.applicationPids) : [],
      };
    });
    const shared = looks ? figuresOfDescendants(view.sharedPids()) : [];
    if (looks) this.#noteApplications([...shared, ...workers.flatMap(({ applications }) => applications)]);
    return {
      at: Date.now(),
      nowMs: performance.now(),
      name: view.settings.procName ?? view.settings.app ?? 'gunicorn',
      version: view.version,
      node: process.version,
      workerClass: view.workerClass,
      pid: view.pid,
      startedAt: this.#startedAt,
      generation: view.generation,
      target: view.target,
      stage: this.#stage,
      scheme: view.settings.certfile === undefined ? 'http' : 'https',
      workers,
      bySlot: this.#ledger.bySlot(),
      lost: this.#ledger.lost,
      workersCpuSeconds: this.#cpu.workers.seconds,
      applicationsCpuSeconds: this.#cpu.applications.seconds,
      shared,
      listeners: looks ? this.listeners() : [],
      counts: this.#counts,
      arbiter: looks ? processFigures(view.pid, true) : undefined,
      group: looks
        ? { memory: groupMemory(), throttledSeconds: throttledSeconds() }
        : { memory: undefined, throttledSeconds: undefined },
      events: this.#events.list(),
    };
  }

  #noteApplications(all: readonly ProcessFigures[]): void {
    for (const { pid, cpuSeconds } of all) this.#cpu.applications.note(pid, cpuSeconds);
    this.#cpu.applications.keep(new Set(all.map(({ pid }) => pid)));
  }

  #booted(seconds: number): void {
    const { boots } = this.#counts;
    const place = BOOT_BOUNDS.findIndex((bound) => seconds <= bound);
    const at = place === -1 ? BOOT_BOUNDS.length : place;
    const buckets = boots.buckets.with(at, (boots.buckets[at] ?? 0) + 1);
    this.#counts = { ...this.#counts, boots: { sum: boots.sum + seconds, buckets } };
  }

  #countExit(cause: ExitCause): void {
    const { exits } = this.#counts;
    this.#counts = { ...this.#counts, exits: { ...exits, [cause]: exits[cause] + 1 } };
  }

  #reloaded(isRefused: boolean): void {
    const { done, refused } = this.#counts.reloads;
    const reloads = isRefused ? { done, refused: refused + 1 } : { done: done + 1, refused };
    const lastReloadAt = isRefused ? this.#counts.lastReloadAt : Date.now();
    this.#counts = { ...this.#counts, reloads, lastReloadAt };
    this.#stage = { ...this.#stage, isReloading: false };
  }
}

/** What workers note times by: the monotonic clock, which all processes share. */
function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

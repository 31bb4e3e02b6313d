import type { ExitCause, WorkerView } from '@gunicorn-ts/interface';
import type { ListenQueue } from '@gunicorn-ts/posix';
import { allTimes, type Figures, type Histogram, NO_FIGURES, sumOf } from './figures.ts';
import type { LedgerReading } from './ledger.ts';
import type { ProcessFigures } from './process-figures.ts';

/**
 * A worker that says nothing for so many seconds, while one beats ten times a second, stands still: for people it hangs,
 * though the arbiter gives it its whole `timeout`.
 */
export const STANDS_STILL_S = 5;

/** What a worker does. */
export type WorkerCondition = 'booting' | 'idle' | 'busy' | 'hung' | 'draining';

/** One worker, at one moment. */
export interface WorkerSnapshot {
  readonly slot: number;
  readonly age: number;
  readonly pid: number;
  readonly generation: number;
  readonly condition: WorkerCondition;
  readonly upSeconds: number;
  /** Since its last sign of life. */
  readonly silentSeconds: number;
  /** Of this process alone. */
  readonly requests: number;
  /** How long they took, likewise. */
  readonly times: Histogram;
  readonly inFlight: number;
  readonly connections: number;
  /** In all, up to now. */
  readonly busySeconds: number;
  readonly request: { readonly text: string; readonly seconds: number } | undefined;
  readonly process: ProcessFigures | undefined;
  /** The processes that its application runs in, when they are others. */
  readonly applications: readonly ProcessFigures[];
}

/** A listening address. */
export interface ListenerSnapshot {
  readonly url: string;
  /** Absent where the system does not say. */
  readonly queue: ListenQueue | undefined;
}

/** Of the control group that the server is in. */
export interface GroupFigures {
  /** In bytes; absent without a limit. */
  readonly memory: { readonly current: number; readonly limit: number } | undefined;
  /** For how long its quota has kept its processes from running; absent without one. */
  readonly throttledSeconds: number | undefined;
}

/** Something that happened, for people. */
export interface ServerEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  readonly isTrouble: boolean;
}

/** How many times what happened in the arbiter. */
export interface ArbiterCounts {
  readonly starts: number;
  readonly exits: Readonly<Record<ExitCause, number>>;
  readonly reloads: { readonly done: number; readonly refused: number };
  /** In seconds; buckets as {@link BOOT_BOUNDS}. */
  readonly boots: { readonly sum: number; readonly buckets: readonly number[] };
  readonly logEntries: { readonly warning: number; readonly error: number; readonly critical: number };
  /** Milliseconds since 1970; 0 without one. */
  readonly lastReloadAt: number;
}

/** Upper bounds of the buckets of the time that a worker takes to become ready, in seconds. */
export const BOOT_BOUNDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** How far the server's life has come. */
export interface ServerStage {
  /** Every wanted worker was serving at one time. */
  readonly hasStarted: boolean;
  /** A reload is under way. */
  readonly isReloading: boolean;
  /** `withdrawing`: a stop was asked for, and all is still served. */
  readonly phase: 'serving' | 'withdrawing' | 'stopping';
  /** Another arbiter takes the service over. */
  readonly hasSuccessor: boolean;
}

/** All that was looked at, in one moment. */
export interface ServerReading {
  /** Milliseconds since 1970, and of the arbiter's `performance.now()`. */
  readonly at: number;
  readonly nowMs: number;
  readonly name: string;
  readonly version: string;
  readonly node: string;
  readonly workerClass: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly generation: number;
  readonly target: number;
  readonly stage: ServerStage;
  readonly scheme: 'http' | 'https';
  readonly workers: readonly {
    readonly view: WorkerView;
    readonly reading: LedgerReading;
    readonly process: ProcessFigures | undefined;
    readonly applications: readonly ProcessFigures[];
  }[];
  readonly bySlot: ReadonlyMap<number, Figures>;
  /** Requests that were with workers which ended. */
  readonly lost: number;
  /** Processor time of all workers, also of those that ended, in seconds; as far as it was seen. */
  readonly workersCpuSeconds: number;
  /** Likewise, of the processes that applications run in, when they are others than the workers. */
  readonly applicationsCpuSeconds: number;
  /** Those of them that workers share: they are forked from these. */
  readonly shared: readonly ProcessFigures[];
  readonly listeners: readonly ListenerSnapshot[];
  readonly counts: ArbiterCounts;
  readonly arbiter: ProcessFigures | undefined;
  /** What its control group has, where that has limits. */
  readonly group: GroupFigures;
  readonly events: readonly ServerEvent[];
}

/** The state of the server at one moment: what every view shows. Plain data. */
export interface Snapshot extends Omit<ServerReading, 'workers' | 'nowMs'> {
  readonly workers: readonly WorkerSnapshot[];
  readonly totals: Figures;
  /** Whether requests are to be sent here. */
  readonly isReady: boolean;
}

/** Pure. */
export function snapshotOf(reading: ServerReading): Snapshot {
  const { workers, nowMs, ...rest } = reading;
  const totals = [...reading.bySlot.values()].reduce(sumOf, NO_FIGURES);
  const { phase, hasSuccessor } = reading.stage;
  const serves = workers.some(({ view }) => view.phase === 'ready');
  const isLeaving = phase !== 'serving' && !hasSuccessor;
  return {
    ...rest,
    totals,
    isReady: !isLeaving && (serves || hasSuccessor),
    workers: workers
      .map((each) => workerSnapshot(each, nowMs))
      .sort((one, other) => one.slot - other.slot || one.age - other.age),
  };
}

function workerSnapshot(
  { view, reading, process, applications }: ServerReading['workers'][number],
  nowMs: number,
): WorkerSnapshot {
  const { slot, age, pid, generation } = view;
  const { counters } = reading.figures;
  const inFlight = Math.max(0, counters.requestsArrived - counters.requestsEnded);
  const { request } = reading;
  return {
    slot,
    age,
    pid,
    generation,
    condition: conditionOf(view, inFlight > 0 || reading.busyForMs > 0),
    upSeconds: Math.max(0, nowMs - view.startedAt) / 1000,
    silentSeconds: Math.max(0, nowMs - view.lastBeat) / 1000,
    requests: counters.requestsEnded,
    times: allTimes(reading.figures),
    inFlight,
    connections: Math.max(0, counters.connectionsOpened - counters.connectionsClosed),
    busySeconds: counters.busyMs / 1000,
    request: request && { text: request.text, seconds: request.ageMs / 1000 },
    process,
    applications,
  };
}

function conditionOf({ phase, hung }: WorkerView, isBusy: boolean): WorkerCondition {
  if (hung) return 'hung';
  if (phase !== 'ready') return phase;
  return isBusy ? 'busy' : 'idle';
}

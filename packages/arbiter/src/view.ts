import type { ArbiterView, Listener, Logger, LogLevel, Settings, WorkerView } from '@gunicorn-ts/interface';
import type { LogHub } from './log-hub.ts';
import type { State } from './state.ts';
import type { WorkerState } from './worker-state.ts';

/** What it shows of the server. */
interface Shown {
  readonly settings: Readonly<Settings>;
  readonly log: Logger;
  readonly pool: { readonly listeners: readonly Listener[] };
  readonly target: number;
  readonly logs: Pick<LogHub, 'level'>;
  readonly workerClass: string;
  readonly options: { readonly version: string };
  /** Of the processes that loaders keep for the generations that run. */
  preparedPids(): readonly number[];
}

/** What there is once the arbiter's loop turns. */
export interface Running {
  state(): State;
  memory(age: number): Uint8Array | undefined;
}

/** The arbiter as subscribers may look at it. */
export class View implements ArbiterView {
  readonly pid: number = process.pid;
  readonly #server: Shown;
  #running: Running | undefined;

  constructor(server: Shown) {
    this.#server = server;
  }

  follow(running: Running): void {
    this.#running = running;
  }

  get version(): string {
    return this.#server.options.version;
  }

  get log(): Logger {
    return this.#server.log;
  }

  get settings(): Readonly<Settings> {
    return this.#server.settings;
  }

  get logLevel(): LogLevel {
    return this.#server.logs.level(this.settings);
  }

  get workerClass(): string {
    return this.#server.workerClass;
  }

  get listeners(): readonly Listener[] {
    const isOpen = this.#running === undefined || this.#running.state().phase === 'running';
    return isOpen ? this.#server.pool.listeners : [];
  }

  get target(): number {
    return this.#server.target;
  }

  get generation(): number {
    return this.#running?.state().current ?? 1;
  }

  workers(): readonly WorkerView[] {
    return this.#running?.state().workers.all().map(viewOf) ?? [];
  }

  sharedPids(): readonly number[] {
    return this.#server.preparedPids();
  }

  memory(age: number): Uint8Array | undefined {
    return this.#running?.memory(age);
  }
}

function viewOf(worker: WorkerState): WorkerView {
  const { age, slot, pid, applicationPids, generation, phase, hung, startedAt } = worker;
  return {
    age,
    slot: slot + 1,
    pid,
    applicationPids,
    generation,
    phase,
    hung: hung !== undefined,
    startedAt,
    lastBeat: Math.min(worker.lastBeat, worker.applicationSilentSince ?? worker.lastBeat),
  };
}

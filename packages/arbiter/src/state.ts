import type { Settings } from '@gunicorn-ts/interface';
import { type Crashes, NO_CRASHES } from './back-off.ts';
import { WorkerTable } from './worker-table.ts';

/** All that the arbiter's decisions rest on. Never changed in place: `decide` returns a new one. */
export interface State {
  readonly phase: 'running' | 'stopping' | 'finished';
  /** Settings of every generation that still has workers or is about to. */
  readonly generations: ReadonlyMap<number, Readonly<Settings>>;
  /** The generation that new workers belong to. */
  readonly current: number;
  /** Counts generations, so that a number is never used twice. */
  readonly lastGeneration: number;
  /** A worker of the current generation has become ready once: its settings and code are good. */
  readonly proved: boolean;
  /** Every wanted worker was serving at the same time, once. */
  readonly announcedReady: boolean;
  /** How many workers are wanted. */
  readonly target: number;
  readonly workers: WorkerTable;
  /** Counts spawned workers. */
  readonly lastAge: number;
  readonly reload: Reload | undefined;
  /** When a reload was asked for that waits for the first worker. */
  readonly reloadAskedAt: number | undefined;
  /** The reload whose generation is current, until nothing of an older one is left. */
  readonly rollout: Pick<Reload, 'generation' | 'startedAt'> | undefined;
  /** The code does not load and `reload` waits for an edit: starting workers would be a spin. */
  readonly waitingForEdit: boolean;
  readonly crashes: Crashes;
  /** Somebody asked that no requests are sent here; what comes is served. */
  readonly withdrawn: boolean;
  /** A stop was asked for that begins then. */
  readonly stopAt: number | undefined;
  readonly stop: Stop | undefined;
  /** Process id of the second arbiter that USR2 started; 0 while it is being started. */
  readonly upgradePid: number | undefined;
  /** Process id of the arbiter that started this one by USR2, while it lives. */
  readonly parentPid: number | undefined;
  readonly startedAt: number;
}

export interface Reload {
  /** What it was begun for: HUP, or files that changed. */
  readonly cause: 'signal' | 'edit';
  readonly stage: 'loading' | 'proving';
  readonly generation: number;
  readonly startedAt: number;
  /** The first worker of the new generation, once it was spawned. */
  readonly firstAge: number | undefined;
  /** Another reload was asked for while the settings were being read. */
  readonly again: boolean;
}

export interface Stop {
  readonly graceful: boolean;
  readonly deadline: number;
  readonly killed: boolean;
  readonly exitCode: number;
}

/** The settings of the current generation. */
export function currentSettings(state: State): Readonly<Settings> {
  return settingsOf(state, state.current);
}

export function settingsOf(state: State, generation: number): Readonly<Settings> {
  const settings = state.generations.get(generation);
  if (settings === undefined) throw new Error(`generation ${generation} has no settings`);
  return settings;
}

/** The state before the first event. */
export function initialState(settings: Readonly<Settings>, now: number, parentPid?: number): State {
  return {
    phase: 'running',
    generations: new Map([[1, settings]]),
    current: 1,
    lastGeneration: 1,
    proved: false,
    announcedReady: false,
    target: settings.workers,
    workers: new WorkerTable(),
    lastAge: 0,
    reload: undefined,
    reloadAskedAt: undefined,
    rollout: undefined,
    waitingForEdit: false,
    crashes: NO_CRASHES,
    withdrawn: false,
    stopAt: undefined,
    stop: undefined,
    upgradePid: undefined,
    parentPid,
    startedAt: now,
  };
}

import type { ArbiterView, WorkerView } from '@gunicorn-ts/interface';
import type { Greeting, ServerStatus, WorkerCondition, WorkerStatus } from '../status.ts';
import type { Chronicle } from './chronicle.ts';
import { CommandError } from './command-error.ts';
import type { Right } from './rights.ts';

/** @throws {CommandError} before there is one */
export function arbiterOf({ arbiter }: Chronicle): ArbiterView {
  if (arbiter === undefined) throw new CommandError('the server has not started yet');
  return arbiter;
}

export function greeting(chronicle: Chronicle, right: Right): Greeting {
  const { version, pid, settings } = arbiterOf(chronicle);
  const name = nameOf(settings);
  const { parentPid } = chronicle;
  const second = parentPid !== undefined && { parentPid };
  return { server: 'gunicorn-ts', version, pid, name, folder: settings.chdir, right, ...second };
}

/** The state of the server as data. */
export function serverStatus(chronicle: Chronicle): ServerStatus {
  const arbiter = arbiterOf(chronicle);
  const { settings, version, pid, workerClass, generation, listeners } = arbiter;
  const { lastReload, parentPid, successor } = chronicle;
  return {
    version,
    pid,
    app: settings.app,
    name: nameOf(settings),
    workerClass,
    folder: settings.chdir,
    startedAt: chronicle.startedAt,
    upSeconds: chronicle.upSeconds,
    phase: chronicle.phase,
    generation,
    target: arbiter.target,
    timeout: settings.timeout,
    isReloading: chronicle.isReloading,
    isDrained: chronicle.isDrained,
    ...(lastReload !== undefined && { lastReload }),
    ...(parentPid !== undefined && { parentPid }),
    ...(successor !== undefined && { successor }),
    listeners: listeners.map(({ url }) => ({ url })),
    workers: workersOf(arbiter),
  };
}

function workersOf(arbiter: ArbiterView): readonly WorkerStatus[] {
  const now = performance.now();
  return arbiter
    .workers()
    .map((worker) => workerStatus(worker, now))
    .sort((one, other) => one.slot - other.slot || one.age - other.age);
}

function workerStatus(worker: WorkerView, now: number): WorkerStatus {
  const { slot, pid, age, generation, startedAt, lastBeat } = worker;
  return {
    slot,
    pid,
    age,
    generation,
    condition: conditionOf(worker),
    upSeconds: Math.max(0, now - startedAt) / 1000,
    silentSeconds: Math.max(0, now - lastBeat) / 1000,
  };
}

function conditionOf({ phase, hung }: WorkerView): WorkerCondition {
  return hung ? 'hung' : phase;
}

function nameOf({ procName, app }: ArbiterView['settings']): string {
  return procName ?? app ?? 'gunicorn';
}

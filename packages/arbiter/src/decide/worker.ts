import { type Autopsy, EXIT_CODE, type WorkerMessage } from '@gunicorn-ts/interface';
import type { Exit } from '../event.ts';
import { afterGoodStart } from '../back-off.ts';
import { describeBootFailure, describeExit, exitCause, wasAskedFor } from '../exit-reason.ts';
import type { WorkerState } from '../worker-state.ts';
import { noteCrash } from './crash.ts';
import { kill } from './kill.ts';
import { releaseSlot } from './keep-number.ts';
import { adopt, noteKeptBack, reloadFailed, waitsForEdits } from './reload.ts';
import { beginStop } from './stop.ts';
import type { Turn } from './turn.ts';

/** Of modules that are loaded while a worker serves. */
const REPORTED_WITHIN_MS = 2000;

export function onSpawned(turn: Turn, age: number, pid: number): void {
  const worker = turn.worker(age);
  if (worker === undefined) return;
  turn.setWorker(worker, { pid, lastBeat: turn.now });
  turn.do({ do: 'announce', moment: { moment: 'worker-started', age, slot: worker.slot + 1, pid } });
}

export function onMessage(turn: Turn, age: number, message: WorkerMessage): void {
  const worker = turn.worker(age);
  if (worker === undefined) return;
  switch (message.type) {
    case 'ready':
      return onReady(turn, worker, message.applicationPids ?? []);
    case 'application':
      return onApplication(turn, worker, message);
    case 'boot-failed':
      turn.setWorker(worker, {
        bootFailure: { exitCode: message.exitCode, message: describeBootFailure(message) },
      });
      return;
    case 'recycle':
      if (worker.recycle !== undefined) return;
      turn.setWorker(worker, { recycle: message.reason });
      return turn.log('info', `Replacing worker (pid: ${worker.pid}): ${message.detail}`);
    case 'draining':
      return onDraining(turn, worker, message.reason);
    case 'listen':
      turn.setWorker(worker, { shares: true });
      return turn.do({ do: 'share-listener', age, id: message.id, address: message.address });
    case 'files':
      return turn.do({ do: 'watch', files: message.files, loadedWithinMs: loadedWithin(turn, worker) });
  }
}

function onApplication(
  turn: Turn,
  worker: WorkerState,
  { applicationPids, silentMs }: Extract<WorkerMessage, { type: 'application' }>,
): void {
  const applicationSilentSince = silentMs === undefined ? undefined : turn.now - silentMs;
  turn.setWorker(worker, { applicationPids, applicationSilentSince });
}

/** Files are told of at the end of a start, and later each second. */
function loadedWithin(turn: Turn, worker: WorkerState): number {
  return worker.phase === 'booting' ? turn.now - worker.startedAt : REPORTED_WITHIN_MS;
}

/**
 * Its replacement starts now and not when the process has ended, so this is the moment to count: an
 * exception that nobody caught ends a worker this way, and may come at every start.
 */
function onDraining(turn: Turn, worker: WorkerState, leavesFor: string | undefined): void {
  if (worker.drainingSince !== undefined) return;
  turn.setWorker(worker, { phase: 'draining', drainingSince: turn.now, leavesFor });
  if (turn.state.phase === 'running') noteCrash(turn, worker);
}

function onReady(turn: Turn, worker: WorkerState, applicationPids: readonly number[]): void {
  if (worker.phase !== 'booting') return;
  turn.setWorker(worker, { phase: 'ready', readyAt: turn.now, lastBeat: turn.now, applicationPids });
  turn.log('debug', `Worker (pid:${worker.pid}) is ready`);
  const { age, slot, startedAt } = worker;
  const bootMs = turn.now - startedAt;
  turn.do({ do: 'announce', moment: { moment: 'worker-ready', age, slot: slot + 1, bootMs } });
  if (worker.missedReopen) turn.do({ do: 'signal-worker', age: worker.age, signal: 'SIGUSR1' });
  if (turn.state.phase !== 'running') return;
  turn.set({ crashes: afterGoodStart(turn.state.crashes) });
  const { reload } = turn.state;
  if (reload?.firstAge === worker.age) adopt(turn, reload.generation);
  else if (worker.generation === turn.state.current) turn.set({ proved: true });
}

/** The watchdog thread reports a main thread that stands still; `onTick` decides on it. */
export function onAutopsy(turn: Turn, age: number, autopsy: Autopsy): void {
  const worker = turn.worker(age);
  if (worker !== undefined) turn.setWorker(worker, { autopsy });
}

/** What it could still say would not be heard. */
export function onUnbearable(turn: Turn, age: number, reason: string): void {
  const worker = turn.worker(age);
  if (worker !== undefined && worker.killedFor === undefined) kill(turn, worker, reason);
}

export function onExited(turn: Turn, age: number, exit: Exit): void {
  const worker = turn.worker(age);
  if (worker === undefined) return;
  turn.set({ workers: turn.state.workers.without(age) });
  turn.do({ do: 'hook-child-exit', age });
  const { slot, pid } = worker;
  const cause = exitCause(worker, exit);
  const reason = worker.bootFailure?.message ?? worker.leavesFor;
  const said = reason === undefined ? {} : { reason };
  turn.do({ do: 'announce', moment: { moment: 'worker-ended', age, slot: slot + 1, pid, cause, ...said } });
  turn.do({ do: 'forget-worker', age });
  if (worker.shares) {
    const others = turn.state.workers.all().some(({ phase }) => phase === 'ready');
    turn.do({ do: 'release-shared', age, others });
  }
  forgetGeneration(turn, worker);
  releaseSlot(turn, worker);
  if (turn.state.phase !== 'running') return stillStopping(turn, worker, exit);
  if (turn.state.reload?.firstAge === age) return reloadFailed(turn, whyReloadFailed(worker, exit));
  // Both were counted when they stopped serving.
  if (worker.drainingSince !== undefined || worker.hung !== undefined) return logExit(turn, worker, exit);
  if (!turn.state.proved && worker.readyAt === undefined) return firstStartFailed(turn, worker, exit);
  if (worker.bootFailure === undefined) logExit(turn, worker, exit);
  else turn.log('error', `Worker (pid:${worker.pid}) failed to boot: ${worker.bootFailure.message}`);
  noteKeptBack(turn, worker);
  noteCrash(turn, worker);
}

function stillStopping(turn: Turn, worker: WorkerState, exit: Exit): void {
  if (!wasAskedFor(worker, exit) && worker.bootFailure === undefined) logExit(turn, worker, exit);
}

function logExit(turn: Turn, worker: WorkerState, exit: Exit): void {
  const { level, message } = describeExit(worker, exit);
  turn.log(level, message);
}

/** Names the worker: its own lines in the log carry the same process id. */
function whyReloadFailed(worker: WorkerState, exit: Exit): string {
  return worker.bootFailure === undefined
    ? describeExit(worker, exit).message
    : `worker (pid:${worker.pid}) failed to boot: ${worker.bootFailure.message}`;
}

function failureOf(worker: WorkerState, exit: Exit): string {
  return worker.bootFailure?.message ?? describeExit(worker, exit).message;
}

/**
 * Nothing ever served, so there is nothing to keep: stop, with the code that says whose fault it is.
 * A death by signal says nothing about the code, and is only slowed down.
 */
function firstStartFailed(turn: Turn, worker: WorkerState, exit: Exit): void {
  if (worker.bootFailure === undefined && exit.signal !== null && worker.killedFor === undefined) {
    logExit(turn, worker, exit);
    noteCrash(turn, worker);
    return;
  }
  turn.log('error', `Worker failed to boot: ${failureOf(worker, exit)}`);
  if (waitsForEdits(turn)) {
    turn.set({ waitingForEdit: true });
    turn.log('info', 'Waiting for a file to change before the next attempt.');
    return;
  }
  // Which brings other settings and other code, and counts this as an attempt when it fails.
  if (turn.state.reload !== undefined || turn.state.reloadAskedAt !== undefined)
    return noteCrash(turn, worker);
  const exitCode = worker.bootFailure?.exitCode ?? EXIT_CODE.workerBoot;
  turn.log(
    'error',
    `Reason: ${exitCode === EXIT_CODE.appLoad ? 'App failed to load.' : 'Worker failed to boot.'}`,
  );
  beginStop(turn, { graceful: false, exitCode });
}

/** Settings are kept as long as a worker runs on them. */
function forgetGeneration(turn: Turn, gone: WorkerState): void {
  const { state } = turn;
  const { generation } = gone;
  if (generation === state.current || generation === state.reload?.generation) return;
  if (state.workers.all().some((worker) => worker.generation === generation)) return;
  const generations = new Map(state.generations);
  generations.delete(generation);
  turn.set({ generations });
}

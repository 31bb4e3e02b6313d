import { afterStarts, startsAllowed } from '../back-off.ts';
import { settingsOf } from '../state.ts';
import type { WorkerState } from '../worker-state.ts';
import { isUpgrading } from './stop.ts';
import type { Turn } from './turn.ts';

/**
 * At the first start one worker goes ahead: when the code does not load, the error appears once and
 * the others never start, and it answers sooner, since nobody takes the processors from it that its boot
 * needs (an application of Django is imported in a third of a second). This bounds what a slow application pays for it.
 */
const FIRST_WORKER_HEAD_START_MS = 500;

/**
 * Puts the number of workers right. One rule covers first start, scaling, crashes, recycling and
 * reload: a *stale* worker (of an older generation, or one that asked to be replaced) leaves only when
 * a fresh one is ready in its place, and the next is replaced only when it is gone.
 */
export function keepNumber(turn: Turn): void {
  drainSurplus(turn);
  const { state } = turn;
  if (state.reload?.stage === 'proving' && state.reload.firstAge === undefined) {
    const age = spawn(turn, state.reload.generation);
    turn.set({ reload: { ...state.reload, firstAge: age } });
  }
  startMissing(turn);
}

/** Live workers that count: the first worker of an unproved generation stands beside them. */
function counted(turn: Turn): WorkerState[] {
  const { reload, workers } = turn.state;
  return workers.live().filter((worker) => worker.age !== reload?.firstAge);
}

function isStale(turn: Turn, worker: WorkerState): boolean {
  return worker.generation !== turn.state.current || worker.recycle !== undefined;
}

function startMissing(turn: Turn): void {
  const { state } = turn;
  if (state.waitingForEdit) return;
  const live = counted(turn);
  const missing = state.target - live.length;
  if (missing > 0) {
    const allowed = startsAllowed(state.crashes, missing, turn.now);
    const started = headStart(turn, live.length) ? Math.min(allowed, 1 - live.length) : allowed;
    for (let count = 0; count < started; count++) spawn(turn, state.current);
    turn.set({ crashes: afterStarts(state.crashes, started, missing - started) });
    return;
  }
  turn.set({ crashes: afterStarts(state.crashes, 0, 0) });
  if (missing === 0 && turn.now >= state.crashes.startAfter && mayReplace(turn, live))
    spawn(turn, state.current);
}

function headStart(turn: Turn, live: number): boolean {
  const { proved, startedAt } = turn.state;
  return !proved && live <= 1 && turn.now < startedAt + FIRST_WORKER_HEAD_START_MS;
}

/** When the head start of the first worker ends; the loop wakes up for it. */
export function headStartEnds(startedAt: number): number {
  return startedAt + FIRST_WORKER_HEAD_START_MS;
}

/** One replacement at a time: none while another is booting, being proved, or taking its leave. */
function mayReplace(turn: Turn, live: readonly WorkerState[]): boolean {
  if (turn.state.reload?.stage === 'proving') return false;
  if (!live.some((worker) => isStale(turn, worker))) return false;
  return live.every((worker) => worker.phase === 'ready') && !leaving(turn);
}

function leaving(turn: Turn): boolean {
  return turn.state.workers.all().some((worker) => worker.phase === 'draining' || worker.hung !== undefined);
}

function drainSurplus(turn: Turn): void {
  for (;;) {
    const live = counted(turn);
    const ready = live.filter((worker) => worker.phase === 'ready');
    const stale = ready.filter((worker) => isStale(turn, worker));
    const spare = stale.length > 0 ? 1 : 0;
    const booting = live.filter((worker) => worker.phase === 'booting');
    const beyond = live.find((worker) => worker.slot >= turn.state.target);
    if (ready.length > turn.state.target)
      drain(turn, (beyond ?? superseded(stale, live) ?? stale[0] ?? superseded(ready, live)) as WorkerState);
    else if (live.length > turn.state.target + spare && booting.length > 0)
      drain(turn, beyond ?? (booting.at(-1) as WorkerState));
    else return;
  }
}

/**
 * One whose slot has a newer, ready worker beside it: any other would leave a number that nobody has, and with
 * `reusePort` a queue that nobody reads.
 */
function superseded(
  candidates: readonly WorkerState[],
  live: readonly WorkerState[],
): WorkerState | undefined {
  const shared = (one: WorkerState): boolean =>
    live.some((other) => other.slot === one.slot && other.age > one.age && other.phase === 'ready');
  return candidates.find(shared);
}

/**
 * Tells a worker to finish what it has and leave. A socket of its own is closed here first: what the kernel queued
 * there after the worker emptied it would be reset.
 */
export function drain(turn: Turn, worker: WorkerState): void {
  turn.setWorker(worker, { phase: 'draining', drainingSince: turn.now });
  releaseSlot(turn, worker);
  turn.do({ do: 'signal-worker', age: worker.age, signal: 'SIGTERM' });
}

function spawn(turn: Turn, generation: number): number {
  const age = turn.state.lastAge + 1;
  const worker: WorkerState = {
    age,
    pid: 0,
    generation,
    slot: freeSlot(turn, generation),
    phase: 'booting',
    startedAt: turn.now,
    readyAt: undefined,
    lastBeat: turn.now,
    missedReopen: false,
    shares: false,
    applicationPids: [],
    applicationSilentSince: undefined,
    leavesFor: undefined,
    recycle: undefined,
    drainingSince: undefined,
    bootFailure: undefined,
    autopsy: undefined,
    hung: undefined,
    killedFor: undefined,
  };
  turn.set({ lastAge: age, workers: turn.state.workers.with(worker) });
  turn.do({ do: 'spawn', age, generation, slot: worker.slot });
  return age;
}

/**
 * The lowest slot that no worker of this generation means to keep: a replacement takes over that of the worker it
 * replaces, so that each number has its worker, and each queue its reader.
 */
function freeSlot(turn: Turn, generation: number): number {
  const keeps = (worker: WorkerState): boolean =>
    worker.generation === generation && worker.recycle === undefined;
  const taken = new Set(
    turn.state.workers
      .live()
      .filter(keeps)
      .map((worker) => worker.slot),
  );
  for (let slot = 0; slot < turn.state.target; slot++) if (!taken.has(slot)) return slot;
  return 0;
}

/** Closes the socket of a slot that is no longer wanted, once nobody but `leaving` has it. */
export function releaseSlot(turn: Turn, leaving: WorkerState): void {
  if (leaving.slot === 0 || leaving.slot < turn.state.target) return;
  if (!settingsOf(turn.state, leaving.generation).reusePort) return;
  if (turn.state.workers.live().some((worker) => worker.slot === leaving.slot)) return;
  turn.do({ do: 'close-slot', slot: leaving.slot, shared: isUpgrading(turn) });
}

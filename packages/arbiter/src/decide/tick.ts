import { describeHang } from '../autopsy-report.ts';
import { settingsOf } from '../state.ts';
import type { WorkerState } from '../worker-state.ts';
import { noteCrash } from './crash.ts';
import { kill } from './kill.ts';
import { reloadFailed, watchLoading } from './reload.ts';
import type { Turn } from './turn.ts';
import { withdrawalIsOver } from './withdraw.ts';

/** How long the log entry of a hung worker waits for its autopsy. */
const AUTOPSY_WAIT_MS = 1500;
/** Between ABRT, which lets a live loop run `workerAbort`, and KILL. */
const ABORT_GRACE_MS = 1000;
/** What a draining worker gets beyond `gracefulTimeout`, which it watches itself. */
const DRAIN_GRACE_MS = 2000;

/** Time has passed: who has been silent for too long, and who has outstayed a deadline? */
export function onTick(turn: Turn, beats: ReadonlyMap<number, number>): void {
  for (const worker of turn.state.workers.all()) {
    const lastBeat = Math.max(worker.lastBeat, beats.get(worker.age) ?? 0);
    const moved = lastBeat > worker.lastBeat;
    watch(turn, turn.setWorker(worker, moved ? { lastBeat } : {}), moved);
  }
  if (turn.state.phase === 'running') watchLoading(turn);
  withdrawalIsOver(turn);
  const { state } = turn;
  turn.do({ do: 'announce', moment: { moment: 'tick', counts: state.workers.counts(state.target) } });
}

function watch(turn: Turn, worker: WorkerState, moved: boolean): void {
  if (worker.killedFor !== undefined || worker.pid === 0) return;
  if (worker.hung !== undefined) return endHung(turn, worker, moved);
  if (worker.phase === 'booting') return watchBoot(turn, worker);
  const { timeout, gracefulTimeout } = settingsOf(turn.state, worker.generation);
  if (moved && worker.autopsy !== undefined) noteRecovery(turn, worker);
  if (timeout > 0 && turn.now - worker.lastBeat > timeout * 1000) {
    if (worker.drainingSince === undefined) noteCrash(turn, worker);
    const { age, slot, pid } = worker;
    turn.do({ do: 'announce', moment: { moment: 'worker-hung', age, slot: slot + 1, pid } });
    endHung(turn, turn.setWorker(worker, { hung: { since: turn.now, abortedAt: undefined } }), false);
    return;
  }
  const overdue =
    (worker.drainingSince ?? Number.POSITIVE_INFINITY) + gracefulTimeout * 1000 + DRAIN_GRACE_MS;
  if (turn.state.phase === 'running' && turn.now > overdue) {
    kill(turn, worker, `it had not left ${gracefulTimeout} s (gracefulTimeout) after it was told to`);
  }
}

function watchBoot(turn: Turn, worker: WorkerState): void {
  const { reload } = turn.state;
  const { bootTimeout, gracefulTimeout } = settingsOf(turn.state, worker.generation);
  const proving = reload?.firstAge === worker.age;
  const seconds = proving ? gracefulTimeout : bootTimeout;
  if (seconds === 0 || turn.now - worker.startedAt <= seconds * 1000) return;
  const limit = proving ? 'gracefulTimeout' : 'bootTimeout';
  const reason = `worker (pid:${worker.pid}) was not ready ${seconds} s (${limit}) after its start`;
  const where = worker.autopsy === undefined ? '' : `\n${describeHang(worker, worker.autopsy, turn.now)}`;
  if (proving) reloadFailed(turn, `${reason}${where}`);
  else turn.log('critical', `WORKER TIMEOUT (pid:${worker.pid}): ${reason}${where}`);
  kill(turn, turn.worker(worker.age) ?? worker, `it was not ready ${seconds} s (${limit}) after its start`);
}

/** One log entry once the autopsy is there (or overdue), then ABRT, then KILL. */
function endHung(turn: Turn, worker: WorkerState, moved: boolean): void {
  const hung = worker.hung as NonNullable<WorkerState['hung']>;
  if (hung.abortedAt === undefined) {
    if (moved) return recover(turn, worker);
    const { autopsy } = settingsOf(turn.state, worker.generation);
    // One without a stack may be followed by one that has it, unless it is another process that hangs.
    const { stack = [], processStacks } = worker.autopsy ?? {};
    const known = stack.length > 0 || processStacks !== undefined;
    if (autopsy && !known && turn.now - hung.since < AUTOPSY_WAIT_MS) return;
    turn.log(
      'critical',
      `WORKER TIMEOUT (pid:${worker.pid})\n${describeHang(worker, worker.autopsy, turn.now)}`,
      {
        autopsy: worker.autopsy,
      },
    );
    turn.setWorker(worker, { hung: { ...hung, abortedAt: turn.now } });
    turn.do({ do: 'abort-worker', age: worker.age });
  } else if (turn.now - hung.abortedAt >= ABORT_GRACE_MS) {
    const { timeout } = settingsOf(turn.state, worker.generation);
    kill(turn, worker, `it hung for more than ${timeout} s (timeout)`);
  }
}

/** The loop turned again before anything was done about it. */
function recover(turn: Turn, worker: WorkerState): void {
  noteRecovery(turn, turn.setWorker(worker, { hung: undefined }));
}

function noteRecovery(turn: Turn, worker: WorkerState): void {
  if (worker.autopsy === undefined) return;
  turn.log(
    'warning',
    `Worker (pid:${worker.pid}) stood still and recovered\n${describeHang(worker, worker.autopsy, turn.now)}`,
  );
  turn.setWorker(worker, { autopsy: undefined });
}

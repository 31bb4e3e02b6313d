import { currentSettings } from '../state.ts';
import type { Turn } from './turn.ts';

/** How long workers that were told to leave at once get before they are killed. */
const QUICK_STOP_MS = 2000;

/** Workers time themselves by `gracefulTimeout`; the arbiter gives them this much more to say good-bye. */
const FAREWELL_MS = 1000;

/** Stops the server. The listeners go first: what the kernel queued for the workers, they still answer. */
export function beginStop(turn: Turn, how: { graceful: boolean; exitCode: number }): void {
  const { state } = turn;
  const wait = how.graceful ? currentSettings(state).gracefulTimeout * 1000 + FAREWELL_MS : QUICK_STOP_MS;
  turn.set({
    phase: 'stopping',
    reload: undefined,
    stop: { graceful: how.graceful, deadline: turn.now + wait, killed: false, exitCode: how.exitCode },
  });
  turn.do({ do: 'announce', moment: { moment: 'stopping', ...successor(turn) } });
  turn.do({ do: 'close-listeners', shared: isUpgrading(turn) });
  tellWorkers(turn, how.graceful ? 'SIGTERM' : 'SIGQUIT');
}

/** The listeners and the files of unix sockets belong to the other arbiter too while an upgrade is under way. */
export function isUpgrading(turn: Turn): boolean {
  return turn.state.upgradePid !== undefined || turn.state.parentPid !== undefined;
}

/** The second arbiter, once it runs: it has the listeners, too. */
function successor({ state }: Turn): { successor?: number } {
  return state.upgradePid === undefined || state.upgradePid === 0 ? {} : { successor: state.upgradePid };
}

export function hastenStop(turn: Turn): void {
  const { stop } = turn.state;
  if (stop === undefined) return;
  const deadline = Math.min(stop.deadline, turn.now + QUICK_STOP_MS);
  turn.set({ stop: { ...stop, graceful: false, deadline } });
  tellWorkers(turn, 'SIGQUIT');
}

function tellWorkers(turn: Turn, signal: NodeJS.Signals): void {
  for (const worker of turn.state.workers.all()) {
    turn.setWorker(worker, { phase: 'draining', drainingSince: worker.drainingSince ?? turn.now });
    turn.do({ do: 'signal-worker', age: worker.age, signal });
  }
}

/** Ends the process once the last worker is gone; kills those that outstay the deadline. */
export function stopIsOver(turn: Turn): void {
  const { stop, workers } = turn.state;
  if (stop === undefined) return;
  if (workers.size === 0) {
    turn.set({ phase: 'finished' });
    turn.log('info', 'Shutting down: Master');
    turn.do({ do: 'finish', exitCode: stop.exitCode, ...successor(turn) });
    return;
  }
  if (turn.now < stop.deadline || stop.killed) return;
  turn.set({ stop: { ...stop, killed: true } });
  for (const worker of workers.all()) {
    turn.setWorker(worker, { killedFor: 'it had not left when the stop was due' });
    turn.do({ do: 'signal-worker', age: worker.age, signal: 'SIGKILL' });
  }
}

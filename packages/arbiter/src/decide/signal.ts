import type { ArbiterEvent } from '../event.ts';
import { onHangUp } from './hang-up.ts';
import { beginStop, hastenStop } from './stop.ts';
import { setTarget } from './target.ts';
import type { Turn } from './turn.ts';
import { startUpgrade } from './upgrade.ts';
import { withdraw } from './withdraw.ts';

/** While stopping only INT and QUIT still mean something: they cut the wait short. */
export function onSignal(
  turn: Turn,
  { signal, atTerminal = false }: Extract<ArbiterEvent, { type: 'signal' }>,
): void {
  // A terminal that is being resized sends dozens.
  if (atTerminal)
    return turn.log(
      'debug',
      `Signal ignored: ${signal.slice(3).toLowerCase()}, as of a terminal that was resized`,
    );
  turn.log('info', `Handling signal: ${signal.slice(3).toLowerCase()}`);
  if (turn.state.phase === 'stopping') {
    if (signal === 'SIGINT' || signal === 'SIGQUIT') hastenStop(turn);
    return;
  }
  switch (signal) {
    case 'SIGTERM':
      return withdraw(turn);
    case 'SIGINT':
    case 'SIGQUIT':
      return beginStop(turn, { graceful: false, exitCode: 0 });
    case 'SIGHUP':
      return onHangUp(turn);
    case 'SIGTTIN':
      return setTarget(turn, turn.state.target + 1);
    case 'SIGTTOU':
      return setTarget(turn, Math.max(1, turn.state.target - 1));
    case 'SIGUSR1':
      return reopenLogs(turn);
    case 'SIGUSR2':
      return startUpgrade(turn);
    case 'SIGWINCH':
      return setTarget(turn, 0);
  }
}

export function reopenLogs(turn: Turn): void {
  turn.do({ do: 'reopen-logs' });
  for (const worker of turn.state.workers.all()) {
    // A process that has only just started has no handler yet, and would die of the signal.
    if (worker.phase === 'booting') turn.setWorker(worker, { missedReopen: true });
    else turn.do({ do: 'signal-worker', age: worker.age, signal: 'SIGUSR1' });
  }
}

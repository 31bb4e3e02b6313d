import { currentSettings } from '../state.ts';
import { beginStop } from './stop.ts';
import type { Turn } from './turn.ts';

/**
 * TERM. With `shutdownDelay` the stop is only announced at first: whoever sends requests here learns later than we do that
 * it is to send no more. A second TERM does not wait.
 */
export function withdraw(turn: Turn): void {
  const { shutdownDelay } = currentSettings(turn.state);
  // Another arbiter takes the requests.
  const isReplaced = (turn.state.upgradePid ?? 0) > 0 || turn.state.parentPid !== undefined;
  if (shutdownDelay === 0 || isReplaced || turn.state.stopAt !== undefined) {
    beginStop(turn, { graceful: true, exitCode: 0 });
    return;
  }
  turn.set({ stopAt: turn.now + shutdownDelay * 1000 });
  turn.log('info', `Not ready any more; the stop begins in ${shutdownDelay} s (shutdownDelay)`);
  turn.do({ do: 'announce', moment: { moment: 'withdrawing', seconds: shutdownDelay } });
}

export function withdrawalIsOver(turn: Turn): void {
  const { stopAt, phase } = turn.state;
  if (phase !== 'running' || stopAt === undefined || turn.now < stopAt) return;
  beginStop(turn, { graceful: true, exitCode: 0 });
}

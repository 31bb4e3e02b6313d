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
  const isKnown = turn.state.withdrawn || turn.state.stopAt !== undefined;
  if (shutdownDelay === 0 || isReplaced || isKnown) {
    beginStop(turn, { graceful: true, exitCode: 0 });
    return;
  }
  turn.set({ stopAt: turn.now + shutdownDelay * 1000 });
  turn.log('info', `Not ready any more; the stop begins in ${shutdownDelay} s (shutdownDelay)`);
  turn.do({ do: 'announce', moment: { moment: 'withdrawing', seconds: shutdownDelay } });
}

/** Whoever looks whether the server is ready is told no, for as long as nobody says otherwise. */
export function drainServer(turn: Turn): void {
  if (turn.state.withdrawn) return;
  turn.set({ withdrawn: true });
  turn.do({ do: 'announce', moment: { moment: 'withdrawing' } });
}

export function resumeServer(turn: Turn): void {
  if (!turn.state.withdrawn) return;
  turn.set({ withdrawn: false });
  turn.do({ do: 'announce', moment: { moment: 'resumed' } });
}

export function withdrawalIsOver(turn: Turn): void {
  const { stopAt, phase } = turn.state;
  if (phase !== 'running' || stopAt === undefined || turn.now < stopAt) return;
  beginStop(turn, { graceful: true, exitCode: 0 });
}

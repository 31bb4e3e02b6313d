import { afterWish } from '../back-off.ts';
import { currentSettings, type Reload } from '../state.ts';
import type { Turn } from './turn.ts';

/** Changes the wanted number of workers; `keepNumber` does the rest. */
export function setTarget(turn: Turn, target: number): void {
  const before = turn.state.target;
  if (before === target) return;
  const crashes = afterWish(turn.state.crashes, target - before);
  turn.set({ target, crashes, waitingForEdit: false });
  turn.do({ do: 'hook-nworkers-changed', now: target, before });
}

/**
 * The number of workers that new settings ask for. As in Gunicorn HUP takes it up, whatever TTIN and TTOU made of it.
 * An edit asks for the new code and not for another number, unless that was edited; what WINCH drained comes back.
 */
export function targetAfterReload(turn: Turn, workers: number, cause: Reload['cause'] | undefined): number {
  const unchanged = currentSettings(turn.state).workers === workers;
  return cause === 'edit' && unchanged && turn.state.target > 0 ? turn.state.target : workers;
}

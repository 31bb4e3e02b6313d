import { currentSettings } from '../state.ts';
import { startReload } from './reload.ts';
import type { Turn } from './turn.ts';

const HANG_UP = 'Hang up: Master';

/** Without `bootTimeout` a first worker may take for ever, and what the reload brings may be its cure. */
const LONGEST_WAIT_MS = 15_000;

/**
 * A reload that is asked for while the first worker still starts waits for it: there is nothing yet that could serve
 * on if the reload failed. The worker may have answered already, since it serves a moment before its word is read here.
 */
export function onHangUp(turn: Turn): void {
  if (!firstWorkerStarts(turn)) return startReload(turn, HANG_UP);
  if (turn.state.reloadAskedAt !== undefined) return;
  turn.set({ reloadAskedAt: turn.now });
  turn.log('info', 'The reload begins when the first worker is ready');
}

/** Begins the reload that waited, whatever became of the first worker: it is ready, gone, or takes too long. */
export function startWaitingReload(turn: Turn): void {
  const { reloadAskedAt } = turn.state;
  if (reloadAskedAt === undefined) return;
  const limit = reloadAskedAt + (currentSettings(turn.state).bootTimeout * 1000 || LONGEST_WAIT_MS);
  if (firstWorkerStarts(turn) && turn.now < limit) return;
  startReload(turn, HANG_UP);
}

function firstWorkerStarts(turn: Turn): boolean {
  const { proved, reload, workers } = turn.state;
  if (proved || reload !== undefined) return false;
  return workers.live().some(({ phase, killedFor }) => phase === 'booting' && killedFor === undefined);
}

import type { Action } from '../action.ts';
import type { ArbiterEvent } from '../event.ts';
import type { State } from '../state.ts';
import { onAsked } from './asked.ts';
import { startWaitingReload } from './hang-up.ts';
import { keepNumber } from './keep-number.ts';
import { onFilesChanged, onLoaded, onLoadFailed, rolloutIsOver } from './reload.ts';
import { onSignal } from './signal.ts';
import { stopIsOver } from './stop.ts';
import { onTick } from './tick.ts';
import { Turn } from './turn.ts';
import { onParentGone, onUpgradeEnded, onUpgradeStarted } from './upgrade.ts';
import { onAutopsy, onExited, onMessage, onSpawned, onUnbearable } from './worker.ts';

/** What follows from an event. */
export interface Decision {
  readonly state: State;
  readonly actions: readonly Action[];
}

/**
 * The arbiter's whole policy: no clock, no process, no log. After the event itself the number of workers
 * is put right, whatever happened: spawning, replacing and culling have this one cause.
 */
export function decide(state: State, event: ArbiterEvent): Decision {
  if (state.phase === 'finished') return { state, actions: [] };
  const turn = new Turn(state, event.now);
  dispatch(turn, event);
  if (turn.state.phase === 'running') {
    startWaitingReload(turn);
    keepNumber(turn);
    rolloutIsOver(turn);
  }
  if (turn.state.phase === 'stopping') stopIsOver(turn);
  announceCounts(state, turn);
  return { state: turn.state, actions: turn.actions };
}

function dispatch(turn: Turn, event: ArbiterEvent): void {
  switch (event.type) {
    case 'start':
      return turn.do({ do: 'hook-nworkers-changed', now: turn.state.target, before: undefined });
    case 'signal':
      return onSignal(turn, event);
    case 'asked':
      return onAsked(turn, event.request, event.by);
    case 'tick':
      return onTick(turn, event.beats);
    case 'spawned':
      return onSpawned(turn, event.age, event.pid);
    case 'message':
      return onMessage(turn, event.age, event.message);
    case 'autopsy':
      return onAutopsy(turn, event.age, event.autopsy);
    case 'unbearable':
      return onUnbearable(turn, event.age, event.reason);
    case 'exited':
      return onExited(turn, event.age, event);
    case 'loaded':
      return onLoaded(turn, event.generation, event.settings);
    case 'load-failed':
      return onLoadFailed(turn, event.generation, event.reason);
    case 'files-changed':
      return onFilesChanged(turn, event.files);
    case 'upgrade-started':
      return onUpgradeStarted(turn, event.pid);
    case 'upgrade-ended':
      return onUpgradeEnded(turn, event.reason);
    case 'parent-gone':
      return onParentGone(turn);
  }
}

function announceCounts(before: State, turn: Turn): void {
  const { state } = turn;
  const counts = state.workers.counts(state.target);
  const earlier = before.workers.counts(before.target);
  const changed = (Object.keys(counts) as (keyof typeof counts)[]).some(
    (key) => counts[key] !== earlier[key],
  );
  if (changed) turn.do({ do: 'announce', moment: { moment: 'counts', counts } });
  if (
    !state.announcedReady &&
    state.phase === 'running' &&
    counts.ready >= state.target &&
    (state.proved || state.target === 0)
  ) {
    turn.set({ announcedReady: true });
    turn.do({ do: 'announce', moment: { moment: 'ready' } });
  }
}

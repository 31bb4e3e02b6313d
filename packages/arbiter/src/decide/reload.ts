import type { Settings } from '@gunicorn-ts/interface';
import { NO_CRASHES } from '../back-off.ts';
import { currentSettings, type Reload } from '../state.ts';
import type { WorkerState } from '../worker-state.ts';
import { drain } from './keep-number.ts';
import { setTarget, targetAfterReload } from './target.ts';
import type { Turn } from './turn.ts';

/** Beside the `bootTimeout` that `preloadApp` has: busy addresses are tried for 5 s, and `onReload` may wait, too. */
const AROUND_LOADING_MS = 15_000;

/**
 * A reload goes through two gates before anything old is touched: the settings must load (`loading`),
 * and one worker of the new generation must become ready (`proving`).
 */
export function startReload(turn: Turn, announcement: string, asked: Reload['cause'] = 'signal'): void {
  const { reload } = turn.state;
  // Of two that become one, the signal asks for more.
  const cause = reload?.cause === 'signal' ? 'signal' : asked;
  if (reload?.stage === 'loading') {
    turn.set({ reload: { ...reload, cause, again: true } });
    turn.do({ do: 'give-up-loading' });
    return;
  }
  turn.log('info', announcement);
  if (reload?.stage === 'proving') abandon(turn);
  const generation = turn.state.lastGeneration + 1;
  turn.set({
    lastGeneration: generation,
    reloadAskedAt: undefined,
    reload: { cause, stage: 'loading', generation, startedAt: turn.now, firstAge: undefined, again: false },
  });
  turn.do({ do: 'announce', moment: { moment: 'reloading' } });
  turn.do({ do: 'load', generation });
}

export function onFilesChanged(turn: Turn, files: readonly string[]): void {
  if (turn.state.phase !== 'running') return;
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  startReload(turn, `Worker reloading: ${files[0] ?? 'a file'}${more} modified`, 'edit');
}

export function onLoaded(turn: Turn, generation: number, settings: Readonly<Settings>): void {
  const { reload, phase } = turn.state;
  if (phase !== 'running' || reload?.generation !== generation) {
    turn.do({ do: 'discard', generation });
    return;
  }
  if (reload.again) {
    turn.do({ do: 'discard', generation });
    turn.set({ reload: undefined });
    startReload(turn, 'Hang up: Master', reload.cause);
    return;
  }
  turn.set({ generations: new Map(turn.state.generations).set(generation, settings) });
  if (settings.workers === 0) {
    adopt(turn, generation);
    return;
  }
  turn.set({ reload: { ...reload, stage: 'proving' } });
}

export function onLoadFailed(turn: Turn, generation: number, reason: string): void {
  const { reload, phase } = turn.state;
  if (phase !== 'running' || reload?.generation !== generation) return;
  turn.set({ reload: undefined });
  // It may have been given up for the one that follows, which will say what is wrong.
  if (reload.again) startReload(turn, 'Hang up: Master', reload.cause);
  else keepOld(turn, reason);
}

/** A configuration file may wait for something that never comes; further reloads must not wait with it. */
export function watchLoading(turn: Turn): void {
  const { reload } = turn.state;
  const { bootTimeout } = currentSettings(turn.state);
  if (reload?.stage !== 'loading' || bootTimeout === 0) return;
  const limitMs = bootTimeout * 1000 + AROUND_LOADING_MS;
  if (turn.now - reload.startedAt <= limitMs) return;
  const seconds = limitMs / 1000;
  const reason = `the settings were not loaded ${seconds} s after the reload began`;
  turn.do({ do: 'give-up-loading' });
  if (reload.again) keepOld(turn, reason);
  onLoadFailed(turn, reload.generation, reason);
}

/** The first worker of the new generation is ready: the old ones may go, one by one. */
export function adopt(turn: Turn, generation: number): void {
  const settings = turn.state.generations.get(generation) as Readonly<Settings>;
  const startedAt = turn.state.reload?.startedAt ?? turn.now;
  const target = targetAfterReload(turn, settings.workers, turn.state.reload?.cause);
  turn.set({
    current: generation,
    proved: true,
    reload: undefined,
    rollout: { generation, startedAt },
    waitingForEdit: false,
    crashes: NO_CRASHES,
  });
  turn.do({ do: 'adopt', generation });
  setTarget(turn, target);
  turn.do({ do: 'announce', moment: { moment: 'reloaded' } });
}

/** The first worker of the new generation did not make it. */
export function reloadFailed(turn: Turn, reason: string): void {
  abandon(turn);
  keepOld(turn, reason);
}

function keepOld(turn: Turn, reason: string): void {
  const serving = turn.state.workers.ready().length;
  const consequence =
    serving > 0 ? 'the workers that were serving go on unchanged' : 'there is still no worker that serves';
  turn.log('error', `Reload failed, ${consequence}: ${reason}`);
  turn.do({ do: 'announce', moment: { moment: 'reloaded', error: reason } });
}

function abandon(turn: Turn): void {
  const { reload } = turn.state;
  if (reload === undefined) return;
  const first = reload.firstAge === undefined ? undefined : turn.worker(reload.firstAge);
  if (first !== undefined && first.phase !== 'draining') drain(turn, first);
  turn.set({ reload: undefined });
  turn.do({ do: 'discard', generation: reload.generation });
}

/** Says that a reload is through: all wanted workers serve, and the last one of an older generation is gone. */
export function rolloutIsOver(turn: Turn): void {
  const { rollout, workers, target } = turn.state;
  if (rollout === undefined) return;
  const through = ({ generation, phase }: WorkerState): boolean =>
    generation === rollout.generation && phase === 'ready';
  if (workers.size !== target || !workers.all().every(through)) return;
  turn.set({ rollout: undefined });
  turn.do({ do: 'announce', moment: { moment: 'renewed', generation: rollout.generation } });
  const number = `${target} ${target === 1 ? 'worker' : 'workers'}`;
  const seconds = ((turn.now - rollout.startedAt) / 1000).toFixed(1);
  turn.log('info', `Reload complete: generation ${rollout.generation}, ${number}, ${seconds} s`);
}

/** The first worker of the new generation served, and a later one does not: the reload stands still. */
export function noteKeptBack(turn: Turn, worker: WorkerState): void {
  const { rollout, workers } = turn.state;
  if (worker.readyAt !== undefined || worker.generation !== rollout?.generation) return;
  const older = workers.ready().filter(({ generation }) => generation !== rollout.generation).length;
  if (older === 0) return;
  const serve = older === 1 ? '1 older worker serves' : `${older} older workers serve`;
  turn.log(
    'error',
    `Reload of generation ${rollout.generation} kept back by worker (pid:${worker.pid}), which ended before it was ready: ${serve} on`,
  );
}

/** A change of files is waited for, instead of a halt, when `reload` is on. */
export function waitsForEdits(turn: Turn): boolean {
  return currentSettings(turn.state).reload;
}

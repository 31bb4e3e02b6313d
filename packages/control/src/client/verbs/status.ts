import type { ServerStatus } from '../../status.ts';
import { counted, describeMoment, describeSeconds, printJson, printLines } from '../output.ts';
import type { Verb } from '../verb.ts';

const DEGRADED = 1;

/** `gunicorn status`. */
export const status: Verb = {
  exits: {
    0: 'all workers are ready',
    1: 'fewer workers than wanted are ready, or the server starts, stops or is drained',
  },
  async run({ isJson }, { session, greeting, io }) {
    const state = await session.ask<ServerStatus>('status');
    if (isJson) printJson(io, { ...state, right: greeting.right });
    else printLines(io, statusLines(state, Date.now()));
    return isWell(state) ? 0 : DEGRADED;
  },
};

export function isWell({ phase, target, workers, isDrained }: ServerStatus): boolean {
  const ready = workers.filter(({ condition }) => condition === 'ready').length;
  return (
    phase === 'serving' &&
    !isDrained &&
    ready >= target &&
    workers.every(({ condition }) => condition !== 'hung')
  );
}

/** Pure. */
export function statusLines(state: ServerStatus, now: number): readonly string[] {
  const { name, pid, upSeconds, generation, workerClass, version } = state;
  const rows = [
    ['workers', describeWorkers(state)],
    ...(state.isDrained
      ? [['drained', 'not ready for requests, serves what comes; gunicorn resume ends it']]
      : []),
    ['listening', state.listeners.map(({ url }) => url).join(', ') || 'nowhere'],
    ['reload', describeReload(state, now)],
    ...describeUpgrade(state),
    ['folder', state.folder],
    ['version', `gunicorn ${version}`],
  ];
  const head = `${name}  pid ${pid}  ${phaseOf(state)} ${describeSeconds(upSeconds)}  generation ${generation}  ${workerClass}`;
  return [head, ...rows.map(([title = '', text = '']) => `  ${title.padEnd(9)}  ${text}`)];
}

function phaseOf({ phase }: ServerStatus): string {
  return phase === 'serving' ? 'up' : `${phase},`;
}

function describeWorkers({ target, workers }: ServerStatus): string {
  const count = (condition: string): number => workers.filter((one) => one.condition === condition).length;
  const others = (['booting', 'draining', 'hung'] as const).flatMap((condition) =>
    count(condition) === 0 ? [] : `${count(condition)} ${condition}`,
  );
  return [`${count('ready')} of ${target} ready`, ...others].join(', ');
}

function describeReload({ isReloading, lastReload, upSeconds }: ServerStatus, now: number): string {
  if (isReloading) return 'under way';
  if (lastReload === undefined) return `none since the start, ${describeSeconds(upSeconds)} ago`;
  const { at, result, error = '' } = lastReload;
  const when = describeMoment(at, now);
  return result === 'done'
    ? `done at ${when}`
    : `refused at ${when}: ${error.split('\n').join('\n             ')}`;
}

function describeUpgrade({ parentPid, successor }: ServerStatus): readonly (readonly string[])[] {
  if (successor !== undefined) return [['upgrade', `process ${successor} serves beside this one`]];
  if (parentPid !== undefined)
    return [['upgrade', `process ${parentPid} serves beside this one, and is older`]];
  return [];
}

/** For messages. */
export function workersInWords(number: number): string {
  return counted(number, 'worker');
}

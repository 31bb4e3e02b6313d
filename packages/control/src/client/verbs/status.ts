import { STANDS_STILL_S } from '@gunicorn-ts/metrics';
import type { ListenerFigures, ServerFigures } from '../../figures.ts';
import type { ServerStatus } from '../../status.ts';
import { counted, describeMoment, describeSeconds, plain, printJson, printLines } from '../output.ts';
import type { Verb } from '../verb.ts';

const DEGRADED = 1;
const MOST_TROUBLES = 5;
/** Of a traceback: where it ends, which is in the application, and the exception. */
const LAST_LINES = 3;
/** What stands under the second column. */
const INDENT = ' '.repeat(13);

/** `gunicorn status`. */
export const status: Verb = {
  exits: {
    0: 'all workers are ready',
    1: 'fewer workers than wanted are ready, or the server starts, stops or is drained',
  },
  async run({ isJson }, { session, greeting, io }) {
    const state = await session.ask<ServerStatus>('status');
    const figures = await session.ask<ServerFigures>('figures');
    const { listeners, events } = figures;
    if (isJson) printJson(io, { ...state, listeners, events, right: greeting.right });
    else printLines(io, statusLines(state, figures, Date.now()));
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
export function statusLines(state: ServerStatus, figures: ServerFigures, now: number): readonly string[] {
  const { name, pid, upSeconds, generation, workerClass, version } = state;
  const rows = [
    ['workers', describeWorkers(state)],
    ...describeSilent(state, figures),
    ...(state.isDrained
      ? [['drained', 'not ready for requests, serves what comes; gunicorn resume ends it']]
      : []),
    ...describeRequests(figures),
    ['listening', figures.listeners.map(describeListener).join(', ') || 'nowhere'],
    ['reload', describeReload(state, now)],
    ...describeUpgrade(state),
    ...describeTroubles(figures, now),
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

/** Whether it computes, waits or hangs only its stack can tell. */
function describeSilent({ workers }: ServerStatus, figures: ServerFigures): readonly (readonly string[])[] {
  return workers
    .filter(({ silentSeconds, condition }) => silentSeconds > STANDS_STILL_S && condition !== 'booting')
    .map(({ slot, pid, age, silentSeconds }) => {
      const request = figures.workers.find((one) => one.age === age)?.count?.request;
      const since = describeSeconds(request?.seconds ?? silentSeconds);
      const what =
        request === undefined ? `silent for ${since}` : `has had ${plain(request.text)} for ${since}`;
      return ['silent', `worker ${slot} (pid ${pid}) ${what}; gunicorn stacks ${slot} says where`];
    });
}

function describeListener({ url, waiting, limit }: ListenerFigures): string {
  return waiting === undefined ? url : `${url} (${waiting} of ${limit ?? '?'} wait)`;
}

function describeTroubles({ events }: ServerFigures, now: number): readonly (readonly string[])[] {
  return events
    .filter(({ isTrouble }) => isTrouble)
    .slice(-MOST_TROUBLES)
    .map(({ at, text }) => ['trouble', `${describeMoment(at, now)} ${plain(text.split('\n', 1)[0] ?? '')}`]);
}

function describeReload({ isReloading, lastReload, upSeconds }: ServerStatus, now: number): string {
  if (isReloading) return 'under way';
  if (lastReload === undefined) return `none since the start, ${describeSeconds(upSeconds)} ago`;
  const { at, result, error = '' } = lastReload;
  const when = describeMoment(at, now);
  return result === 'done'
    ? `done at ${when}`
    : `refused at ${when}: ${shortened(error).map(plain).join(`\n${INDENT}`)}`;
}

/** The sentence, and where a traceback ends: the whole is in the log. Pure. */
function shortened(error: string): readonly string[] {
  const [sentence = '', ...rest] = error.trimEnd().split('\n');
  if (rest.length <= LAST_LINES + 1) return [sentence, ...rest];
  return [sentence, '  … gunicorn logs --level error has the whole', ...rest.slice(-LAST_LINES)];
}

function describeRequests({ count, workers }: ServerFigures): readonly (readonly string[])[] {
  if (count === undefined) return [];
  const underWay = workers.reduce((sum, worker) => sum + (worker.count?.inFlight ?? 0), 0);
  const { requests, serverErrors } = count;
  return [
    ['requests', `${underWay} under way, ${requests} since the start, of which ${serverErrors} got 5xx`],
  ];
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

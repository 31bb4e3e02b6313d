import { EXIT_CODE } from '@gunicorn-ts/interface';
import type { Request } from '../../protocol/request.ts';
import { counted, printJson } from '../output.ts';
import type { Verb, VerbArguments, VerbContext, VerbOption } from '../verb.ts';

type Outcome = Readonly<Record<string, unknown>>;

/** Asks, shows how it goes on, and returns how it ended. */
async function undertake(
  command: string,
  options: Request['options'],
  { isJson, seconds }: VerbArguments,
  { session, io }: VerbContext,
): Promise<Outcome> {
  const onProgress = (text: string): void => {
    if (!isJson && text !== '') io.stderr.write(`  ${text}\n`);
  };
  return session.undertake(command, options, { seconds, onProgress });
}

function say({ isJson }: VerbArguments, { io }: VerbContext, outcome: Outcome, text: string): void {
  if (isJson) printJson(io, { result: 'done', ...outcome });
  else io.stdout.write(`${text}\n`);
}

const UNTIL: VerbOption = {
  name: 'until',
  metavar: 'accepted|complete',
  describe:
    'accepted: the first new worker serves, and the others follow. complete, the default: the last old worker is gone',
};

const DRY_RUN: VerbOption = {
  name: 'dry-run',
  describe: 'Load settings and application in a process aside, and say whether a reload would be taken up',
};

/** Longer than the server lets the process aside take. */
const REHEARSAL_MS = 24 * 3600 * 1000;

async function rehearse(given: VerbArguments, { session, io }: VerbContext): Promise<number> {
  const patience = given.seconds === 0 ? REHEARSAL_MS : given.seconds * 1000;
  const outcome = await session.ask<{ readonly accepted: boolean; readonly reason?: string }>(
    'rehearse',
    {},
    patience,
  );
  const { accepted, reason = '' } = outcome;
  if (given.isJson) printJson(io, { result: accepted ? 'done' : 'failed', ...outcome });
  else if (accepted) io.stdout.write('Settings and application load: a reload would be taken up\n');
  else io.stderr.write(`a reload would be refused: ${reason}\n`);
  return accepted ? EXIT_CODE.ok : EXIT_CODE.failure;
}

/** `gunicorn reload`. */
export const reload: Verb = {
  options: [UNTIL, DRY_RUN],
  exits: { 0: 'the new workers serve', 1: 'refused, and the old workers serve on; the reason is printed' },
  signal: ({ options }) => (options['dry-run'] === true ? undefined : 'SIGHUP'),
  misuse: ({ options: { until } }) =>
    until === undefined || until === 'accepted' || until === 'complete'
      ? undefined
      : `--until takes accepted or complete, not "${String(until)}"`,
  async run(given, context) {
    if (given.options['dry-run'] === true) return rehearse(given, context);
    const until = String(given.options['until'] ?? 'complete');
    const started = performance.now();
    const outcome = await undertake('reload', { until }, given, context);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const { generation, workers } = outcome;
    const what =
      until === 'accepted' ? 'its first worker serves' : `${counted(Number(workers), 'worker')} of it serve`;
    say(given, context, outcome, `Reloaded in ${seconds} s: generation ${String(generation)}, ${what}`);
    return 0;
  },
};

const NUMBER = /^[+-]?\d{1,6}$/;

/** `gunicorn scale N`. */
export const scale: Verb = {
  operands: 'N|+N|-N',
  more: 'The number lasts until a reload brings settings that say another one. 0 drains all workers and keeps the listeners.',
  exits: { 0: 'so many workers serve', 1: 'they do not; the reason is printed' },
  misuse: ({ words }) =>
    words.length === 1 && NUMBER.test(words[0] ?? '')
      ? undefined
      : `takes a number, as in 4, +1 or -1, not "${words.join(' ')}"`,
  async run(given, context) {
    const [word = ''] = given.words;
    const options = /^[+-]/.test(word) ? { by: Number(word) } : { workers: Number(word) };
    const outcome = await undertake('scale', options, given, context);
    const number = Number(outcome['workers']);
    say(given, context, outcome, `${counted(number, 'worker')} ${number === 1 ? 'serves' : 'serve'}`);
    return 0;
  },
};

/** `gunicorn restart-worker SLOT|PID`. */
export const restartWorker: Verb = {
  operands: 'SLOT|PID',
  more: 'The other worker serves before this one is told to leave, and this one finishes what it has, for gracefulTimeout at most.',
  exits: { 0: 'another worker serves in its place', 1: 'it does not; the reason is printed' },
  misuse: ({ words }) =>
    words.length === 1 && /^\d{1,9}$/.test(words[0] ?? '')
      ? undefined
      : `takes the number of a worker or its process id, as gunicorn ps shows them, not "${words.join(' ')}"`,
  async run(given, context) {
    const worker = Number(given.words[0]);
    const outcome = await undertake('restart-worker', { worker }, given, context);
    const { slot, pid } = outcome;
    const heir = pid === undefined ? 'nobody took its place' : `pid ${String(pid)} serves in its place`;
    say(given, context, outcome, `Worker ${String(slot)} has left; ${heir}`);
    return 0;
  },
};

/** `gunicorn stop`. */
export const stop: Verb = {
  options: [{ name: 'quick', describe: 'Do not wait for requests in hand, as INT does' }],
  more: 'Without --timeout it waits for as long as gracefulTimeout allows.',
  exits: { 0: 'the server has ended', 1: 'it has not within --timeout' },
  signal: ({ options }) => (options['quick'] === true ? 'SIGINT' : 'SIGTERM'),
  isEnd: true,
  async run(given, context) {
    const quick = given.options['quick'] === true;
    const { pid } = context.greeting;
    const outcome = await undertake('stop', { quick }, given, context);
    await context.session.ended;
    const { exitCode } = outcome;
    say(given, context, outcome, `Process ${pid} has ended, with exit code ${String(exitCode)}`);
    return 0;
  },
};

/** What is done at once, by a command of one name. */
function order(command: string, sentence: string, verb: Pick<Verb, 'more' | 'signal'> = {}): Verb {
  return {
    ...verb,
    exits: { 0: 'it is done' },
    async run(given, context) {
      say(given, context, await context.session.ask<Outcome>(command), sentence);
      return 0;
    },
  };
}

/** `gunicorn drain`. */
export const drain: Verb = order(
  'drain',
  'The server is not ready for requests any more, and serves what comes',
  {
    more: '/readyz of the admin listener and gunicorn health --ready say no; requests that come are served, and workers are replaced as ever. A stop after it does not wait for shutdownDelay.',
  },
);

/** `gunicorn resume`. */
export const resume: Verb = order('resume', 'The server is ready for requests again');

/** `gunicorn reopen-logs`. */
export const reopenLogs: Verb = order('reopen', 'The log files are opened anew', { signal: () => 'SIGUSR1' });

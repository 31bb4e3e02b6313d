import { LOG_LEVELS, type LogLine } from '@gunicorn-ts/interface';
import { followServers } from '../follow-servers.ts';
import { printJson } from '../output.ts';
import type { Verb, VerbArguments, VerbContext } from '../verb.ts';

/** How many lines come first, when nobody says it. */
const USUAL_LAST = 50;
/** More than processes remember. */
const ALL = 9999;

interface Told {
  readonly lines: readonly LogLine[];
  readonly skipped?: number;
}

/** `gunicorn logs`. */
export const logs: Verb = {
  options: [
    { name: 'follow', short: 'f', describe: 'Go on with what comes' },
    {
      name: 'last',
      short: 'n',
      metavar: 'N',
      describe: `So many of the latest entries first (default ${USUAL_LAST})`,
    },
    { name: 'error', describe: 'The error log alone' },
    { name: 'access', describe: 'The access log alone' },
    {
      name: 'level',
      short: 'l',
      metavar: 'LEVEL',
      describe: 'From this level on; a request counts as error from 500 on, as warning from 400 on',
    },
    { name: 'match', short: 'm', metavar: 'TEXT', describe: 'Lines with this text in them' },
  ],
  more: 'They come from the processes themselves, wherever their files are. Of the access log there are the lines that are written while it is followed.',
  exits: { 0: 'they were shown, until the server ended', 1: 'they cannot be had; the reason is printed' },
  misuse: ({ words, options: { last, level, error, access } }) => {
    if (words.length > 0) return `takes no "${words[0] ?? ''}"`;
    if (last !== undefined && !/^\d{1,4}$/.test(String(last)))
      return `--last takes a number, not "${String(last)}"`;
    if (level !== undefined && !LOG_LEVELS.includes(level as never))
      return `--level takes one of ${LOG_LEVELS.join(', ')}, not "${String(level)}"`;
    return error === true && access === true
      ? 'takes --error or --access; without one it shows both'
      : undefined;
  },
  async run(given, context) {
    const unread = Promise.withResolvers<void>();
    // Whoever reads what is printed has left: `gunicorn logs -f | head`.
    process.stdout.once('error', () => unread.resolve());
    const print = (told: unknown): void => show(told as Told, given, context);
    await Promise.race([unread.promise, follow(given, context, print)]);
    return 0;
  },
};

function wishOf({ options }: VerbArguments): Readonly<Record<string, string | number | boolean>> {
  const { follow, last = USUAL_LAST, error, access, level, match } = options;
  return {
    follow: follow === true,
    last: Number(last),
    log: error === true ? 'error' : access === true ? 'access' : 'both',
    ...(level !== undefined && { level }),
    ...(match !== undefined && { match }),
  };
}

async function follow(
  given: VerbArguments,
  context: VerbContext,
  onData: (told: unknown) => void,
): Promise<void> {
  const options = wishOf(given);
  if (options['follow'] === false) return context.session.follow('logs', options, onData);
  await followServers(context, { command: 'logs', options, heirOptions: { ...options, last: ALL }, onData });
  context.io.stderr.write('The server has ended\n');
}

function show({ lines, skipped = 0 }: Told, { isJson }: VerbArguments, { io }: VerbContext): void {
  if (skipped > 0) io.stderr.write(`… ${skipped} lines were skipped: they come faster than they are read\n`);
  if (lines.length === 0) return;
  const shown = lines.map((line) => (isJson ? JSON.stringify(line) : line.text));
  io.stdout.write(`${shown.join('\n')}\n`);
}

/** `gunicorn loglevel`. */
export const loglevel: Verb = {
  operands: '[LEVEL]',
  more: `LEVEL is one of ${LOG_LEVELS.join(', ')}. It counts in the arbiter, in all workers, and in Python's gunicorn.error, also in workers that are started later, until a reload brings back the level of the settings.`,
  exits: { 0: 'the level is shown, or in force' },
  misuse: ({ words }) =>
    words.length === 0 || (words.length === 1 && LOG_LEVELS.includes(words[0] as never))
      ? undefined
      : `takes one of ${LOG_LEVELS.join(', ')}, not "${words.join(' ')}"`,
  async run({ words: [level], isJson }, { session, io }) {
    const found = await session.ask<{ level: string; before: string; configured: string }>(
      'loglevel',
      level === undefined ? {} : { level },
    );
    if (isJson) printJson(io, found);
    else if (level !== undefined)
      io.stdout.write(`The log level is ${found.level}; it was ${found.before}\n`);
    else if (found.level === found.configured) io.stdout.write(`${found.level}\n`);
    else io.stdout.write(`${found.level} (the settings say ${found.configured})\n`);
    return 0;
  },
};

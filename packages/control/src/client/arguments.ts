import { parseArgs } from 'node:util';
import type { VerbName } from '@gunicorn-ts/interface';
import { verbUsage } from '../errors.ts';
import type { Wanted } from './find-server.ts';
import type { Verb, VerbArguments, VerbOption } from './verb.ts';

/** Flags that every verb has. */
export const COMMON_OPTIONS: readonly VerbOption[] = [
  {
    name: 'pid',
    short: 'p',
    metavar: 'FILE|PID',
    describe: 'The server with this pid file, or this process id',
  },
  { name: 'control-socket', short: 's', metavar: 'PATH', describe: 'The server with this control socket' },
  {
    name: 'config',
    short: 'c',
    metavar: 'FILE',
    describe: 'The server that runs on this configuration file',
  },
  { name: 'json', short: 'j', describe: 'Print JSON' },
  {
    name: 'timeout',
    metavar: 'SECONDS',
    describe: 'How long to wait for the outcome; 0, the default, is as long as it takes',
  },
  { name: 'help', short: 'h', describe: 'Show this help' },
];

/** What was typed behind a verb. */
export interface Typed {
  readonly wanted: Wanted;
  readonly given: VerbArguments;
  readonly isHelp: boolean;
}

/** @throws OperatorError for what is not understood */
export function readVerbArguments(name: VerbName, verb: Verb, argv: readonly string[]): Typed {
  const options = [...COMMON_OPTIONS, ...(verb.options ?? [])];
  const { values, positionals } = parse(name, argv, options);
  const text = (key: string): string | undefined => values[key] as string | undefined;
  const seconds = Number(text('timeout') ?? 0);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw verbUsage(name, `--timeout takes seconds, not "${text('timeout') ?? ''}"`);
  const given = { words: positionals, options: values, isJson: values['json'] === true, seconds };
  const isHelp = values['help'] === true;
  const misuse = isHelp ? undefined : (verb.misuse?.(given) ?? tooMany(verb, positionals));
  if (misuse !== undefined) throw verbUsage(name, misuse);
  const wanted = { socket: text('control-socket'), pid: text('pid'), config: text('config') };
  return { wanted, given, isHelp };
}

function tooMany({ operands }: Verb, words: readonly string[]): string | undefined {
  return operands === undefined && words.length > 0 ? `takes no "${words[0] ?? ''}"` : undefined;
}

function parse(
  name: VerbName,
  argv: readonly string[],
  options: readonly VerbOption[],
): { values: Record<string, string | true>; positionals: readonly string[] } {
  // `-1` is a number here, and a flag to whoever parses.
  const relative = argv.filter((word) => /^-\d+$/.test(word));
  try {
    const { values, positionals } = parseArgs({
      args: argv.filter((word) => !relative.includes(word)),
      allowPositionals: true,
      options: Object.fromEntries(
        options.map(({ name: long, short, metavar }) => [
          long,
          { type: metavar === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
        ]),
      ) as Record<string, { type: 'boolean' | 'string'; short?: string }>,
    });
    return { values: values as Record<string, string | true>, positionals: [...positionals, ...relative] };
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. ');
    throw verbUsage(name, first.charAt(0).toLowerCase() + first.slice(1));
  }
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';
import type { Places } from './installation.ts';
import type { Suite } from './suite.ts';

export interface Options extends Places {
  readonly suites: readonly Suite[];
}

/** Where the projects are at home. */
const HOME = 'https://github.com';
/** Not below a folder with a dot in front: Express and others serve no file from there. */
const WORK = join(tmpdir(), 'gunicorn-suites');

const FLAGS = {
  only: { type: 'string' },
  sources: { type: 'string' },
  work: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** `undefined` when only help was asked for. @throws {UsageError} */
export function parseOptions(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  known: readonly Suite[],
): Options | undefined {
  const values = parse(argv);
  if (values.help === true) return undefined;
  return {
    suites: chosen(values.only, known),
    sources: values.sources ?? environment['SUITES_SOURCES'] ?? HOME,
    work: values.work ?? WORK,
  };
}

export function usage(known: readonly Suite[]): string {
  return `Usage: pnpm suites [--only NAMES] [--sources PLACE] [--work FOLDER]

  --only NAMES     Suites, with commas between them: ${list(known)}
  --sources PLACE  What OWNER/NAME is cloned from with git: a folder of repositories, or an address.
                   [default: $SUITES_SOURCES, or ${HOME}]
  --work FOLDER    Where they are cloned to, installed and run; kept for the next run. [default: ${WORK}]
`;
}

/** Where what came of each suite is kept: with the page that is made of it, which a run of some suites writes whole. */
export const RECORDS: string = fileURLToPath(new URL('../records', import.meta.url));

function chosen(names: string | undefined, known: readonly Suite[]): readonly Suite[] {
  if (names === undefined) return known;
  const wanted = names.split(',');
  const unknown = wanted.find((name) => known.every((one) => one.name !== name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: there is no suite "${unknown}"; write some of ${list(known)}`);
  }
  return known.filter(({ name }) => wanted.includes(name));
}

function list(known: readonly Suite[]): string {
  return known.map(({ name }) => name).join(',');
}

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

import { parseArgs } from 'node:util';
import { TEMPLATES } from '@gunicorn-ts/scaffold';
import { createUsage } from './errors.ts';

/** `create-gunicorn-ts [FOLDER] [--template NAME]`, taken apart. */
export interface CreateArguments {
  /** Where the project goes; asked for when it is missing. */
  readonly folder: string | undefined;
  readonly template: string | undefined;
  readonly help: boolean;
}

export const HELP: string = `usage: npm create gunicorn-ts [FOLDER] [-- --template NAME]

Makes a new project in an empty folder, and says what to type next. No file is written over.

  --template NAME  one of these; asked for when it is missing
${TEMPLATES.map(({ name, title }) => `                     ${name.padEnd(8)} ${title}`).join('\n')}
  --help           this text

In a project that is there already, npx gunicorn init adds what is missing.
`;

/** @throws {OperatorError} `ERR_CREATE_USAGE` */
export function readArguments(argv: readonly string[]): CreateArguments {
  const parsed = parse(argv);
  const { values, positionals } = parsed;
  if (positionals.length > 1) throw createUsage(`one folder, not ${positionals.join(' ')}`);
  const { template } = values;
  if (template !== undefined && !TEMPLATES.some(({ name }) => name === template)) {
    throw createUsage(`--template ${TEMPLATES.map(({ name }) => name).join(', ')}, not ${template}`);
  }
  return { folder: positionals[0], template, help: values.help === true };
}

function parse(argv: readonly string[]) {
  const options = {
    template: { type: 'string', short: 't' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw createUsage(`what --help says: ${(error as Error).message}`);
  }
}

/** The name of a package for a folder: npm wants small letters and no spaces. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._~-]+/g, '-')
    .replaceAll(/^[._-]+|-+$/g, '');
  return name === '' ? 'app' : name;
}

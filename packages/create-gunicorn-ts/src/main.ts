import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { EXIT_CODE, messageWithCode, OperatorError } from '@gunicorn-ts/interface';
import {
  managerOf,
  notEmpty,
  planCreate,
  renderOutcome,
  type Template,
  TEMPLATES,
  writePlan,
} from '@gunicorn-ts/scaffold';
import { HELP, packageName, readArguments } from './arguments.ts';
import { nobodyToAsk } from './errors.ts';

/** What the command reads and writes. */
export interface CreateIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Somebody can be asked. */
  readonly isTerminal: boolean;
}

/** The command: arguments in, exit code out. */
export async function main(argv: readonly string[], io: CreateIo): Promise<number> {
  try {
    return await create(argv, io);
  } catch (error) {
    if (!OperatorError.is(error)) throw error;
    io.stderr.write(`Error: ${messageWithCode(error)}\n`);
    return error.exitCode;
  }
}

async function create(argv: readonly string[], io: CreateIo): Promise<number> {
  const { folder: given, template: named, help } = readArguments(argv);
  if (help) {
    io.stdout.write(HELP);
    return EXIT_CODE.ok;
  }
  const answers = await complete({ folder: given, template: named }, io);
  if (answers === undefined) return EXIT_CODE.failure;
  const { folder, template } = answers;
  const path = resolve(io.cwd, folder);
  refuseTaken(path, folder);
  const plan = planCreate(template, {
    folder,
    name: packageName(basename(path)),
    version: ownVersion(),
    manager: managerOf(io.env['npm_config_user_agent']),
  });
  mkdirSync(path, { recursive: true });
  io.stdout.write(renderOutcome(writePlan(plan, path)));
  return EXIT_CODE.ok;
}

interface Answers {
  readonly folder: string;
  readonly template: Template;
}

/** Asks for what the arguments do not say; `undefined` when whoever is asked gives up. */
async function complete(
  { folder, template }: { folder: string | undefined; template: string | undefined },
  { isTerminal }: CreateIo,
): Promise<Answers | undefined> {
  const known = TEMPLATES.find(({ name }) => name === template);
  if (folder !== undefined && known !== undefined) return { folder, template: known };
  if (!isTerminal) throw nobodyToAsk();
  const { askFolder, askTemplate } = await import('./questions.ts');
  const place = folder ?? (await askFolder());
  if (place === undefined) return undefined;
  const kind = known ?? (await askTemplate());
  return kind === undefined ? undefined : { folder: place, template: kind };
}

/** What git keeps is no content. */
const ALLOWED = new Set(['.git', '.DS_Store']);

function refuseTaken(path: string, folder: string): void {
  let entries: readonly string[];
  try {
    entries = readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw notEmpty(folder, 'something that is no folder');
  }
  const taken = entries.find((entry) => !ALLOWED.has(entry));
  if (taken !== undefined) throw notEmpty(folder, taken);
}

/** All packages have the same version, and the project asks for the server of this one. */
function ownVersion(): string {
  return (createRequire(import.meta.url)('../package.json') as { readonly version: string }).version;
}

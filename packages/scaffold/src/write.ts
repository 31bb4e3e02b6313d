import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from './plan.ts';

/** What became of a plan. */
export interface Outcome {
  readonly written: readonly string[];
  /** They were there before, and are as they were. */
  readonly kept: readonly string[];
  /** The script that was added to `package.json`. */
  readonly script: string | undefined;
  readonly notes: readonly string[];
  readonly next: readonly string[];
}

/** Writes what is not there yet. A file that is there stays as it is, also when it appears at this moment. */
export function writePlan({ files, script, notes = [], next }: Plan, folder: string): Outcome {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, text } of files) {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    (writeNew(at, text) ? written : kept).push(path);
  }
  const isAdded = script !== undefined && addScript(join(folder, 'package.json'), script);
  return { written, kept, script: isAdded ? script.name : undefined, notes, next };
}

function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Adds a script, and leaves all else of the file as it is laid out. */
function addScript(path: string, { name, words }: NonNullable<Plan['script']>): boolean {
  const before = readFileSync(path, 'utf8');
  const manifest = JSON.parse(before) as { scripts?: Record<string, string> };
  if (manifest.scripts?.[name] !== undefined) return false;
  manifest.scripts = { ...manifest.scripts, [name]: words };
  const indent = /^(?<indent>[ \t]+)"/m.exec(before)?.groups?.['indent'] ?? '  ';
  writeFileSync(path, JSON.stringify(manifest, null, indent) + (before.endsWith('\n') ? '\n' : ''));
  return true;
}

/** The outcome for who typed the command. */
export function renderOutcome({ written, kept, script, notes, next }: Outcome): string {
  return [
    ...written.map((path) => `wrote  ${path}`),
    ...kept.map((path) => `kept   ${path}, which is there already`),
    ...(script === undefined ? [] : [`added  the script "${script}" to package.json`]),
    ...notes.map((note) => `note   ${note}`),
    '',
    'Next:',
    ...next.map((command) => `  ${command}`),
    '',
  ].join('\n');
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { CommandLine } from './command-line.ts';
import { envFileNotReadable } from './errors.ts';
import { whyMissingNote } from './missing-path.ts';

/** Variables, with `undefined` for one that was removed. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the files give that the environment does not have, which wins, as with `node --env-file`; of several files
 * the last one wins.
 * @throws OperatorError when one cannot be read; no message shows a value
 */
export function readEnvFiles(files: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.assign({}, ...files.map(readOne)) as Record<string, string>;
  // Its words have been read by then.
  delete given['GUNICORN_CMD_ARGS'];
  return Object.fromEntries(Object.entries(given).filter(([name]) => env[name] === undefined));
}

function readOne(file: string): NodeJS.Dict<string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw envFileNotReadable(file, `${(error as NodeJS.ErrnoException).code}${whyMissingNote(file)}`);
  }
  const variables = parseEnv(text);
  const bad = Object.entries(variables).find(([name, value]) => `${name}${value}`.includes('\0'));
  if (bad !== undefined) throw envFileNotReadable(file, `${JSON.stringify(bad[0])} holds a NUL byte`);
  return variables;
}

/** A path of a flag is seen from the folder that the flags name: the configuration file, which is read later, is to see its variables. */
export function placeEnvFiles(line: CommandLine, cwd: string): CommandLine {
  const given = line.given.get('envFile');
  if (!Array.isArray(given?.value)) return line;
  const chdir = line.given.get('chdir')?.value;
  const folder = resolve(cwd, typeof chdir === 'string' ? chdir : '.');
  const value = (given.value as readonly string[]).map((file) => resolve(folder, file));
  const { positionals, asked, problems, warnings } = line;
  return {
    positionals,
    asked,
    problems,
    warnings,
    given: new Map(line.given).set('envFile', { ...given, value }),
  };
}

/** The files that flags name, absolute. */
export function envFilesOf(...lines: readonly CommandLine[]): readonly string[] {
  const values = lines.map((line) => line.given.get('envFile')?.value);
  return (values.find((value) => Array.isArray(value)) as readonly string[] | undefined) ?? [];
}

/** Names that earlier loads set: the next one is to find them as the command did. */
const changedNames = new Set<string>();

/**
 * Runs a configuration file with this environment as `process.env`, and tells what it changed there. When it fails
 * everything is as before.
 */
export async function runIn<T>(
  env: NodeJS.ProcessEnv,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly changes: Variables }> {
  const before = { ...process.env };
  for (const name of new Set([...changedNames, ...Object.keys(env)])) setVariable(name, env[name]);
  const start = { ...process.env };
  try {
    const result = await run();
    const changes = differences(start, process.env);
    for (const name of [...Object.keys(changes), ...Object.keys(env)]) changedNames.add(name);
    return { result, changes };
  } catch (error) {
    const undo = differences(process.env, before);
    for (const name of Object.keys(undo)) setVariable(name, undo[name]);
    throw error;
  }
}

function differences(before: Variables, after: Variables): Variables {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, after[name]]));
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { interpreterTooOld, interpreterUnusable } from './errors.ts';
import { whyUnusable } from './unusable-path.ts';

/** The interpreter of the environment that a launcher in Python is installed in. */
export const LAUNCHER_PYTHON = 'GUNICORN_TS_PYTHON';

/** Where an interpreter is looked for. */
export interface InterpreterPlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The setting `python`: a command, or a path seen from `cwd`. */
  readonly interpreter: string | undefined;
}

/** A Python that was chosen, and by what. */
export interface Interpreter {
  /** A path, or a name that the system looks for on `PATH`. */
  readonly command: string;
  readonly chosenBy: string;
}

/**
 * The interpreter that is named, else the one that the command is installed for (by pip), else the one of the virtual
 * environment that is active, else `python3`.
 * @throws OperatorError `ERR_PYTHON_UNUSABLE` when what is named is not there: another one would have other packages
 */
export function findInterpreter({ cwd, env, interpreter }: InterpreterPlace): Interpreter {
  if (interpreter !== undefined) {
    if (!interpreter.includes('/')) {
      const isFolder = statSync(resolve(cwd, interpreter), { throwIfNoEntry: false })?.isDirectory() === true;
      return isFolder
        ? usable(resolve(cwd, interpreter), 'the setting python')
        : { command: interpreter, chosenBy: 'the setting python' };
    }
    return usable(resolve(cwd, interpreter), 'the setting python');
  }
  const own = env[LAUNCHER_PYTHON];
  if (own !== undefined && own !== '') return usable(own, 'the environment that gunicorn is installed in');
  const folder = env['VIRTUAL_ENV'];
  if (folder !== undefined && folder !== '') return usable(join(folder, 'bin', 'python'), '$VIRTUAL_ENV');
  return { command: 'python3', chosenBy: 'the default' };
}

function usable(command: string, chosenBy: string): Interpreter {
  const found = { command, chosenBy };
  const reason = whyUnusable(command);
  if (reason !== undefined) throw interpreterUnusable(found, reason);
  return found;
}

/**
 * Refuses what is older than 3.9, or no Python. Asks the interpreter itself when it did not say its version.
 * @throws OperatorError `ERR_PYTHON_TOO_OLD`
 */
export function checkVersion(interpreter: Interpreter, version: string = askVersion(interpreter)): void {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 9)) return;
  throw interpreterTooOld(interpreter, version === '' ? 'it is no Python' : `it is Python ${version}`);
}

function askVersion({ command }: Interpreter): string {
  const program = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
  const { stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}

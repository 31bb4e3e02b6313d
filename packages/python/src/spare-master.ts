import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startAlone } from './inheritable.ts';
import { findInterpreter, type Interpreter } from './interpreter.ts';
import { type MasterPlace, MasterProcess, withoutArbiters } from './master-process.ts';

/** After these nothing is served here, or by an interpreter that is not known yet. */
const OTHERWISE = /^(?:-D|--daemon|-v|--version|-h|--help|--python(?:=.*)?)$/;
const FOLDER_FLAG = /^--(?:chdir|pythonpath)(?:=(?<value>.*))?$/;
const JAVASCRIPT = /\.[cm]?[jt]s$/;

let spare: MasterProcess | undefined;

/**
 * Starts Python before it is known what for, where the words of the command look as if it were needed: it boots while
 * the settings are read. What it is told to do comes later; one that nobody wants ends.
 */
export function startAhead(argv: readonly string[], place: MasterPlace): void {
  if (spare !== undefined || !looksLikePython(argv, place.cwd)) return;
  try {
    const interpreter = findInterpreter({ ...place, interpreter: undefined });
    spare = startAlone(() => new MasterProcess(interpreter, place));
  } catch {
    // Whoever needs it finds the same, and says it.
  }
}

/** The master that was started ahead, if it is the one that would be started now. */
export function takeSpare(interpreter: Interpreter, place: MasterPlace): MasterProcess | undefined {
  const found = spare;
  if (found === undefined || !fits(found, interpreter, place)) {
    dropSpare();
    return undefined;
  }
  spare = undefined;
  return found;
}

/** Nobody needs it. */
export function dropSpare(): void {
  void spare?.finish();
  spare = undefined;
}

/** Whether a word names a module, or a file in Python, that is there. A guess: what is wrong costs time and no more. */
export function looksLikePython(argv: readonly string[], cwd: string): boolean {
  if (argv.some((word) => OTHERWISE.test(word))) return false;
  const folders = [cwd, ...argv.flatMap((word, index) => foldersOf(word, argv[index + 1]))];
  const isThere = (name: string): boolean => folders.some((folder) => existsSync(resolve(cwd, folder, name)));
  if (isThere('gunicorn.conf.py')) return true;
  return argv.some((word) => {
    const [module = ''] = word.split(':', 1);
    if (module.endsWith('.py')) return isThere(module);
    const [top = ''] = module.split('.', 1);
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(top) || JAVASCRIPT.test(module)) return false;
    return isThere(`${top}.py`) || isThere(join(top, '__init__.py'));
  });
}

function foldersOf(word: string, next: string | undefined): readonly string[] {
  const found = FOLDER_FLAG.exec(word);
  if (found === null) return [];
  return (found.groups?.['value'] ?? next ?? '').split(',').filter((folder) => folder !== '');
}

/** Another environment may be another Python: what it imports when it boots is decided there. */
function fits(master: MasterProcess, { command }: Interpreter, { cwd, env }: MasterPlace): boolean {
  const wanted = withoutArbiters(env);
  const names = new Set([...Object.keys(wanted), ...Object.keys(master.env)]);
  return (
    master.interpreter.command === command &&
    realpathSync(master.cwd) === realpathSync(cwd) &&
    [...names].every((name) => wanted[name] === master.env[name])
  );
}

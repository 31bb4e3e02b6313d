import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { ConfigProcess } from '@gunicorn-ts/interface';
import { findInterpreter, type InterpreterPlace } from './interpreter.ts';

export interface Recognition {
  readonly found: boolean;
  readonly looked: readonly string[];
}

/** Where modules are looked for. */
interface SearchPlace extends InterpreterPlace {
  readonly pythonpath: readonly string[];
  readonly configProcess?: Pick<ConfigProcess, 'hasModule'> | undefined;
}

const FIND_SPEC = 'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)';

/**
 * Whether a target names Python: a file that ends in `.py`, or a module that is found in the folders that Python
 * would look in. The last question, for what is installed, goes to the interpreter itself.
 */
export async function recognise(target: string, place: SearchPlace): Promise<Recognition> {
  const { pythonpath, configProcess } = place;
  const [module = ''] = target.split(':', 1);
  if (module.endsWith('.py')) {
    const path = resolve(place.cwd, module);
    return existsSync(path) ? { found: true, looked: [] } : { found: false, looked: [path] };
  }
  if (!/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(module))
    return { found: false, looked: [] };
  const inherited = (place.env['PYTHONPATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const top = module.split('.')[0]!;
  const candidates = [...pythonpath, place.cwd, ...inherited].flatMap((folder) => [
    resolve(place.cwd, folder, `${top}.py`),
    join(resolve(place.cwd, folder, top), ''),
  ]);
  if (candidates.some((path) => existsSync(path))) return { found: true, looked: [] };
  // Only the process that has run the configuration file knows where that said to look.
  if (await (configProcess?.hasModule(top) ?? isInstalled(top, place))) return { found: true, looked: [] };
  return { found: false, looked: [...candidates, packagesOf(place)] };
}

function packagesOf(place: InterpreterPlace): string {
  try {
    return `the packages of ${findInterpreter(place).command}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function isInstalled(name: string, place: InterpreterPlace): boolean {
  let command: string;
  try {
    ({ command } = findInterpreter(place));
  } catch {
    // What it would have found is told with the rest of where was looked.
    return false;
  }
  return spawnSync(command, ['-c', FIND_SPEC, name], { cwd: place.cwd, env: place.env }).status === 0;
}

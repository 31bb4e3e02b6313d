import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { findInterpreter, type InterpreterPlace } from './interpreter.ts';

export interface Recognition {
  readonly found: boolean;
  readonly looked: readonly string[];
}

const FIND_SPEC = 'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)';

/**
 * Whether a target names Python: a file that ends in `.py`, or a module that is found in the folders that Python
 * would look in. The last question, for what is installed, goes to the interpreter itself.
 */
export function recognise(
  target: string,
  place: InterpreterPlace,
  pythonpath: readonly string[],
): Recognition {
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
  if (candidates.some((path) => existsSync(path)) || isInstalled(top, place))
    return { found: true, looked: [] };
  return { found: false, looked: [...candidates, `the packages of ${findInterpreter(place).command}`] };
}

function isInstalled(name: string, place: InterpreterPlace): boolean {
  const { command } = findInterpreter(place);
  return spawnSync(command, ['-c', FIND_SPEC, name], { cwd: place.cwd, env: place.env }).status === 0;
}

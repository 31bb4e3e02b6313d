import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { moduleOf } from './target.ts';

/** The file in Python that a target would name, relative to `cwd`, if there is one: `mysite/wsgi.py`. */
export function pythonFile(target: string, cwd: string): string | undefined {
  const module = moduleOf(target);
  if (module.endsWith('.py')) return existsSync(resolve(cwd, module)) ? module : undefined;
  if (!/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(module)) return undefined;
  const path = module.replaceAll('.', '/');
  return [`${path}.py`, join(path, '__init__.py')].find((file) => existsSync(resolve(cwd, file)));
}

import { builtinDefinitions, migrateConfig } from '@gunicorn-ts/config';
import type { InstalledLoader } from '@gunicorn-ts/interface';
import { migrateUsage, pythonPackageMissing } from './errors.ts';
import type { PythonConfig } from './python-package.ts';

/** Where `gunicorn migrate` runs. */
export interface MigratePlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly python: PythonConfig | undefined;
  /** They bring settings, too. */
  readonly loaders: readonly InstalledLoader[];
}

/** `gunicorn migrate [gunicorn.conf.py]`: the text of the `gunicorn.conf.ts` that says the same. */
export async function migrate(
  words: readonly string[],
  { cwd, env, python, loaders }: MigratePlace,
): Promise<string> {
  const [name = 'gunicorn.conf.py', ...more] = words;
  if (more.length > 0 || name.startsWith('-')) throw migrateUsage(words);
  if (python === undefined) throw pythonPackageMissing(name);
  const definitions = [...builtinDefinitions, ...loaders.flatMap(({ loader }) => loader.settings ?? [])];
  const place = { cwd, env, interpreter: undefined };
  return migrateConfig(name, { ...python, place }, definitions);
}

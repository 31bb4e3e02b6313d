import { builtinDefinitions, migrateConfig, type ReadPythonConfig } from '@gunicorn-ts/config';
import type { InstalledLoader } from '@gunicorn-ts/interface';
import { migrateUsage, pythonPackageMissing } from './errors.ts';

/** Where `gunicorn migrate` runs. */
export interface MigratePlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly read: ReadPythonConfig | undefined;
  /** They bring settings, too. */
  readonly loaders: readonly InstalledLoader[];
}

/** `gunicorn migrate [gunicorn.conf.py]`: the text of the `gunicorn.conf.ts` that says the same. */
export async function migrate(
  words: readonly string[],
  { cwd, env, read, loaders }: MigratePlace,
): Promise<string> {
  const [name = 'gunicorn.conf.py', ...more] = words;
  if (more.length > 0 || name.startsWith('-')) throw migrateUsage(words);
  if (read === undefined) throw pythonPackageMissing(name);
  const definitions = [...builtinDefinitions, ...loaders.flatMap(({ loader }) => loader.settings ?? [])];
  return migrateConfig(name, { read, place: { cwd, env, interpreter: undefined } }, definitions);
}

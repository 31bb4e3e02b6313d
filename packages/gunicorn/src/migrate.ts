import {
  builtinDefinitions,
  migrateConfig,
  type ReadPythonConfig,
  type TranslatePythonConfig,
} from '@gunicorn-ts/config';
import type { InstalledLoader } from '@gunicorn-ts/interface';
import { migrateUsage, pythonPackageMissing } from './errors.ts';

/** Where `gunicorn migrate` runs. */
export interface MigratePlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly read: ReadPythonConfig | undefined;
  readonly translate: TranslatePythonConfig | undefined;
  /** They bring settings, too. */
  readonly loaders: readonly InstalledLoader[];
}

/** `gunicorn migrate [gunicorn.conf.py]`: the text of the `gunicorn.conf.ts` that says the same. */
export async function migrate(
  words: readonly string[],
  { cwd, env, read, translate, loaders }: MigratePlace,
): Promise<string> {
  const [name = 'gunicorn.conf.py', ...more] = words;
  if (more.length > 0 || name.startsWith('-')) throw migrateUsage(words);
  if (read === undefined || translate === undefined) throw pythonPackageMissing(name);
  const definitions = [...builtinDefinitions, ...loaders.flatMap(({ loader }) => loader.settings ?? [])];
  const place = { cwd, env, interpreter: undefined };
  return migrateConfig(name, { read, translate, place }, definitions);
}

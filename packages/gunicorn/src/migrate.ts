import { builtinDefinitions, migrateConfig, type ReadPythonConfig } from '@gunicorn-ts/config';
import { migrateUsage, pythonPackageMissing } from './errors.ts';

/** Where `gunicorn migrate` runs. */
export interface MigratePlace {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly read: ReadPythonConfig | undefined;
}

/** `gunicorn migrate [gunicorn.conf.py]`: the text of the `gunicorn.conf.ts` that says the same. */
export async function migrate(words: readonly string[], { cwd, env, read }: MigratePlace): Promise<string> {
  const [name = 'gunicorn.conf.py', ...more] = words;
  if (more.length > 0 || name.startsWith('-')) throw migrateUsage(words);
  if (read === undefined) throw pythonPackageMissing(name);
  return migrateConfig(name, { read, place: { cwd, env, interpreter: undefined } }, builtinDefinitions);
}

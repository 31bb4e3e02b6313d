import type { Hooks } from '@gunicorn-ts/interface';
import { loadConfigFile } from './config-file.ts';
import { countCpus } from './cpus.ts';
import { hookDefinitions } from './settings/server-hooks.ts';

/**
 * The hooks of a configuration file, in a worker process. The arbiter checked the file before. Throws a
 * `ConfigFileError` when it cannot be loaded (any more).
 */
export async function loadHooks(configFile: string): Promise<Hooks> {
  const { input } = await loadConfigFile(configFile, {
    env: process.env,
    cpus: countCpus(),
    command: 'start',
  });
  const names = Object.keys(hookDefinitions);
  return Object.fromEntries(
    Object.entries(input).filter(([key, value]) => names.includes(key) && value !== undefined),
  );
}

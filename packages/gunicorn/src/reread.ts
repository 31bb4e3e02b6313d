import { interpretCommandLine, type InterpretOptions, rehearse } from '@gunicorn-ts/config';
import type { LoadedSettings } from '@gunicorn-ts/interface';

/** Seconds for a configuration file where workers may boot for ever: a loop must come to an end. */
const WITHOUT_LIMIT_S = 60;

/**
 * Reads the settings again where they were read first: in the launch folder by its name, which may lead elsewhere than
 * before. Afterwards this process stands in their `chdir`, or, when they cannot be read, in the folder of the running ones.
 */
export async function reread(
  options: Omit<InterpretOptions, 'command' | 'runningFile'>,
  running: LoadedSettings,
  signal: AbortSignal,
): Promise<LoadedSettings> {
  enter(options.cwd);
  try {
    const limitS = running.settings.bootTimeout || WITHOUT_LIMIT_S;
    const loaded = await read({
      ...options,
      command: 'reload',
      runningFile: running.configFile,
      rehearse: (path, env) => rehearse(path, { env, limitS, signal }),
    });
    process.chdir(loaded.settings.chdir);
    return loaded;
  } catch (error) {
    enter(running.folder);
    throw error;
  }
}

async function read(options: InterpretOptions): Promise<LoadedSettings> {
  const interpretation = await interpretCommandLine(options);
  // The same arguments led to settings before, and the environment cannot turn them into `--help`.
  if (interpretation.kind !== 'settings') throw new Error(`a reload led to ${interpretation.kind}`);
  return interpretation.loaded;
}

/** What needs a folder that is gone says so better. */
function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch {
    // Where it is then makes no difference: everything is named by absolute paths.
  }
}

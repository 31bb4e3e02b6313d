import { checkApplication, prepareLoad } from '@gunicorn-ts/arbiter';
import type { InstalledLoader, LoadedSettings } from '@gunicorn-ts/interface';
import { createErrorLog } from '@gunicorn-ts/logging';
import { workerHostEntry } from '@gunicorn-ts/worker-host';
import { prepareApplication } from './prepare.ts';

/**
 * Loads the application as a worker would, and ends what it was loaded in. No hook is called.
 * @throws OperatorError with the exit code that a worker would have had.
 */
export async function checkLoad(
  loaded: LoadedSettings,
  {
    loaders,
    env,
    launchFolder,
    compiledFolder,
  }: {
    readonly loaders: readonly InstalledLoader[];
    readonly env: NodeJS.ProcessEnv;
    readonly launchFolder: string;
    readonly compiledFolder?: string | undefined;
  },
): Promise<void> {
  const { settings } = loaded;
  const log = createErrorLog({ ...settings, errorlog: '-' });
  const { prepared } = await prepareLoad(loaded, {
    prepare: (ready, context) => prepareApplication(loaders, ready, context),
    env,
    launchFolder,
    log,
    mode: 'check',
  });
  try {
    await checkApplication(loaded, { workerHostEntry, compiledFolder, env, prepared });
  } finally {
    await prepared?.close();
    log.close();
  }
}

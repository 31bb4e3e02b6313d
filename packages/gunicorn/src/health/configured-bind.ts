import { interpretCommandLine, launchFolder } from '@gunicorn-ts/config';
import { findPythonConfig, findPythonLoader } from '../python-package.ts';
import { version } from '../version.ts';
import { resolveWorkerClass } from '../worker-class.ts';

/** The `adminBind` of the settings that a server with these arguments would have. */
export async function readAdminBind(
  argv: readonly string[],
  given: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const cwd = launchFolder(given);
  const env = { ...given };
  const interpretation = await interpretCommandLine({
    // What is served does not matter here, and need not be said.
    argv: [...argv, 'health'],
    env,
    cwd,
    resolveWorkerClass,
    loaders: await findPythonLoader(cwd),
    readPythonConfig: findPythonConfig(cwd)?.read,
    version,
    command: 'start',
    elsewhere: true,
  });
  if (interpretation.kind !== 'settings') return undefined;
  interpretation.loaded.configProcess?.close();
  return interpretation.loaded.settings.adminBind;
}

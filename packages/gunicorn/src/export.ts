import { realpathSync } from 'node:fs';
import { checkApplication } from '@gunicorn-ts/arbiter';
import { interpretCommandLine } from '@gunicorn-ts/config';
import { runExport } from '@gunicorn-ts/export';
import { EXIT_CODE, type LoadedSettings, OperatorError } from '@gunicorn-ts/interface';
import { workerHostEntry } from '@gunicorn-ts/worker-host';
import { exportVersionError, nothingToExport } from './errors.ts';
import type { Io } from './main.ts';
import { findPythonLoader, findReadPythonConfig } from './python-package.ts';
import { version } from './version.ts';
import { resolveWorkerClass } from './worker-class.ts';

/** `gunicorn export …`: what stands behind `export`. Returns the exit code. */
export function exportWith(argv: readonly string[], io: Io): Promise<number> {
  const cwd = process.cwd();
  return runExport(argv, {
    stdout: io.stdout,
    stderr: io.stderr,
    cwd,
    node: process.execPath,
    script: realpathSync(process.argv[1] ?? ''),
    load: (serverArguments) => load(serverArguments, cwd, io),
  });
}

async function load(argv: readonly string[], cwd: string, io: Io): Promise<LoadedSettings> {
  const env = { ...io.env };
  const readPythonConfig = findReadPythonConfig(cwd);
  const loaders = await findPythonLoader(cwd);
  const options = { argv, env, cwd, resolveWorkerClass, loaders, readPythonConfig, version };
  const interpretation = await interpretCommandLine({ ...options, command: 'start' });
  if (interpretation.kind !== 'settings') {
    throw exportVersionError();
  }
  const { loaded } = interpretation;
  process.chdir(loaded.settings.chdir);
  await checkTarget(loaded, io, env);
  return loaded;
}

/** An application that is not there is a mistake; one that wants its database, here and now, is not. */
async function checkTarget(loaded: LoadedSettings, io: Io, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await checkApplication(loaded, { workerHostEntry, env });
  } catch (error) {
    if (!OperatorError.is(error)) throw error;
    if (error.exitCode === EXIT_CODE.appLoad) {
      throw nothingToExport(error);
    }
    io.stderr.write(`Warning: the application does not load here: ${error.message}\n`);
  }
}

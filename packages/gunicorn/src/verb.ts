import { dirname, resolve } from 'node:path';
import type { ConfiguredPlace } from '@gunicorn-ts/control';
import type { VerbName } from '@gunicorn-ts/interface';
import { type Io, reporting } from './io.ts';

/** Stands for the application, which this need not know; a configuration file may name one or not. */
const ANY_APPLICATION = 'any:application';

/** `gunicorn status` and the like: asks a running server. Returns the exit code. */
export async function main([name, ...argv]: readonly string[], io: Io): Promise<number> {
  // Whoever reads the answer may have left.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const cwd = process.cwd();
  return reporting(io, async () => {
    const { runVerb } = await import('@gunicorn-ts/control');
    return runVerb(name as VerbName, argv, {
      cwd,
      env: io.env,
      io,
      readConfig: (file) => readConfig(file, file === undefined ? cwd : dirname(resolve(cwd, file)), io.env),
    });
  });
}

/**
 * Read when it is asked for: it takes longer than the rest. One that is broken leads to no server.
 * @param cwd where its server was started: where the file is
 */
async function readConfig(
  file: string | undefined,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<ConfiguredPlace | undefined> {
  const { interpretCommandLine } = await import('@gunicorn-ts/config');
  const { findPythonConfig, findPythonLoader } = await import('./python-package.ts');
  const { resolveWorkerClass } = await import('./worker-class.ts');
  try {
    const found = await interpretCommandLine({
      argv: [...(file === undefined ? [] : ['--config', resolve(file)]), ANY_APPLICATION],
      env: { ...env },
      cwd,
      command: 'start',
      elsewhere: true,
      resolveWorkerClass,
      loaders: await findPythonLoader(cwd),
      readPythonConfig: findPythonConfig(cwd)?.read,
      version: '',
    });
    if (found.kind !== 'settings') return undefined;
    const { loaded } = found;
    loaded.configProcess?.close();
    const { controlSocket, pidfile } = loaded.settings;
    return { controlSocket, pidfile, folder: loaded.settings.chdir };
  } catch {
    return undefined;
  }
}

import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { importModule, interpretCommandLine, launchFolder } from '@gunicorn-ts/config';
import type * as Exporters from '@gunicorn-ts/export';
import { EXIT_CODE, type Exporter, OperatorError, type ProjectFiles } from '@gunicorn-ts/interface';
import { surviveStandardStreams } from '@gunicorn-ts/logging';
import { javascriptLoader } from '@gunicorn-ts/worker-host';
import {
  exportPackageMissing,
  exporterPackageMissing,
  exportVersionError,
  nothingToExport,
} from './errors.ts';
import { locatePackage } from './installed-package.ts';
import { type Io, reporting } from './io.ts';
import { takeProgram } from './launcher.ts';
import { loaderByLooking } from './prepare.ts';
import { findPythonConfig, findPythonLoader } from './python-package.ts';
import { version } from './version.ts';
import { resolveWorkerClass } from './worker-class.ts';

/** `gunicorn export …`. Returns the exit code. */
export async function main([, ...argv]: readonly string[], io: Io): Promise<number> {
  surviveStandardStreams();
  return reporting(io, () => exportWith(argv, io));
}

async function exportWith(argv: readonly string[], io: Io): Promise<number> {
  const cwd = launchFolder(io.env);
  const { runExport } = await exporters();
  const { words, isLauncher } = takeProgram([io.env], cwd);
  const script = scriptOf(process.argv[1] ?? '');
  return runExport(argv, {
    stdout: io.stdout,
    stderr: io.stderr,
    cwd,
    // A launcher names its interpreter, whatever environment is active.
    env: isLauncher ? { ...io.env, VIRTUAL_ENV: undefined } : io.env,
    program: isLauncher ? words : [process.execPath, script],
    isLauncher,
    files: isLauncher ? [process.execPath, script, ...interpreterOf(io.env)] : [],
    load: (serverArguments) => load(serverArguments, cwd, io.env),
    exportersOf: (name, kind) => exportersOf(name, kind, cwd),
  });
}

/** Loaded when it is asked for: a server needs none of it, and may be installed without. */
async function exporters(): Promise<Pick<typeof Exporters, 'runExport'>> {
  try {
    return await import('@gunicorn-ts/export');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') throw exportPackageMissing(error);
    throw error;
  }
}

/** Where a package manager put the command; what pnpm links to has a version in its path, and is gone after the next one. */
function scriptOf(started: string): string {
  return /\.[cm]?js$/.test(started) ? resolve(started) : realpathSync(started);
}

/** Its path in a virtual environment, and what that is a link to. */
function interpreterOf({ GUNICORN_TS_PYTHON: python = '' }: NodeJS.ProcessEnv): string[] {
  return existsSync(python) ? [python, realpathSync(python)] : [];
}

async function load(
  argv: readonly string[],
  cwd: string,
  { ...env }: NodeJS.ProcessEnv,
): Promise<Exporters.ExportedLoad> {
  const readPythonConfig = findPythonConfig(cwd)?.read;
  const loaders = await findPythonLoader(cwd);
  const options = { argv, env, cwd, resolveWorkerClass, loaders, readPythonConfig, version };
  const interpretation = await interpretCommandLine({ ...options, command: 'start', elsewhere: true });
  if (interpretation.kind !== 'settings') {
    throw exportVersionError();
  }
  const { loaded } = interpretation;
  process.chdir(loaded.settings.chdir);
  try {
    const loader = await loaderByLooking(loaders, loaded, env);
    return { loaded, isPython: loader !== javascriptLoader, project: projectIn(loaded.settings.chdir) };
  } catch (error) {
    if (OperatorError.is(error) && error.exitCode === EXIT_CODE.appLoad) throw nothingToExport(error);
    throw error;
  } finally {
    // It has run the configuration file; the application, which it could load, is not run.
    loaded.configProcess?.close();
  }
}

/** What the names and texts of {@link ProjectFiles} are read from; a folder may hold any number of others. */
const READ_FILES = ['package.json', 'pyproject.toml', 'requirements.txt'];

function projectIn(folder: string): ProjectFiles {
  const names = readdirSync(folder).sort();
  const texts = READ_FILES.filter((name) => names.includes(name)).map(
    (name) => [name, readFileSync(join(folder, name), 'utf8')] as const,
  );
  return { names, texts: Object.fromEntries(texts) };
}

/** Exporters of a package that is installed for them alone: beside the application, or beside us. */
async function exportersOf(name: string, kind: string, cwd: string): Promise<readonly Exporter[]> {
  const url = locatePackage(name, cwd);
  if (url === undefined) throw exporterPackageMissing(name, kind);
  const { exporters = [] } = (await importModule(url)) as { readonly exporters?: readonly Exporter[] };
  return exporters;
}

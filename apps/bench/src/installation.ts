import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NotInstalled } from './peer.ts';

const run = promisify(execFile);
/** Nothing that is installed for the comparison is a dependency of the repository. */
const CACHE = fileURLToPath(new URL('../../../.cache/bench', import.meta.url));
/** A slow mirror is waited for, a dead one is not. */
const INSTALL_MS = 180_000;

/**
 * A folder of npm packages, made on first use.
 * @param specifiers with the exact version of each: `pm2@7.0.4`
 */
export function npmFolder(specifiers: readonly string[]): Promise<string> {
  return folder(specifiers, async (path) => {
    const flags = ['--prefix', path, '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    await run('npm', ['install', ...flags, ...specifiers], { timeout: INSTALL_MS });
  });
}

/**
 * An environment of Python packages, made on first use.
 * @param specifiers with the exact version of each: `gunicorn==27.0.1`
 */
export async function pythonEnvironment(specifiers: readonly string[]): Promise<string> {
  const python = await findPython();
  return folder(specifiers, async (path) => {
    await run(python, ['-m', 'venv', path], { timeout: INSTALL_MS });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(join(path, 'bin', 'python'), [...pip, ...specifiers], { timeout: INSTALL_MS });
  });
}

/** The version in the package.json of an installed npm package. */
export function npmVersion(path: string, name: string): string {
  const text = readFileSync(join(path, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function folder(
  specifiers: readonly string[],
  install: (path: string) => Promise<void>,
): Promise<string> {
  const path = join(CACHE, specifiers.map((one) => one.replaceAll(/[/@=]+/g, '-')).join('+'));
  const done = join(path, 'installed');
  if (existsSync(done)) return path;
  // In place, not aside and then renamed: an environment of Python holds its own path.
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  console.error(`Installing ${specifiers.join(', ')} in ${path}`);
  try {
    await install(path);
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw new NotInstalled(`${specifiers.join(', ')} could not be installed: ${firstLine(error)}`);
  }
  await mkdir(`${done}.new`);
  await rename(`${done}.new`, done);
  return path;
}

const DEBUG_BUILD = 'import sysconfig; print(sysconfig.get_config_var("Py_DEBUG") or 0)';

/** The first Python that is no debug build: one of those takes several times as long for everything. */
async function findPython(): Promise<string> {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const debug = await run(python, ['-c', DEBUG_BUILD]).catch(() => undefined);
    if (debug?.stdout.trim() === '0') return python;
  }
  throw new NotInstalled('there is no python3 here, or only a debug build');
}

function firstLine(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string };
  return (stderr.trim() || message).split('\n')[0]!;
}

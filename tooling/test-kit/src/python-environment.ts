import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@gunicorn-ts/conformance';

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, '..');
const CACHE = join(import.meta.dirname, '../../../.cache/python');
/** A download from PyPI over a slow line. */
export const INSTALL_MS: number = 240_000;

/** A virtual environment with Django, Flask, gevent and Gunicorn in the versions of `python-requirements.txt`. */
export interface PythonEnvironment {
  readonly kind: 'ready';
  readonly folder: string;
  /** Its interpreter. */
  readonly python: string;
}

/** Why there is none: a test that needs it skips, and says this. */
export interface NoPythonEnvironment {
  readonly kind: 'missing';
  readonly reason: string;
}

/**
 * Makes the environment in `.cache` of the repository, once for all tests and runs.
 * @param requirements names a file of this package
 */
export async function pythonEnvironment(
  requirements = 'python-requirements.txt',
): Promise<PythonEnvironment | NoPythonEnvironment> {
  let version: string;
  try {
    const code = 'import sys; print(*sys.version_info[:3], sys.version_info >= (3, 10))';
    version = (await run('python3', ['-c', code])).stdout.trim();
  } catch {
    return { kind: 'missing', reason: 'there is no python3' };
  }
  if (!version.endsWith('True'))
    return { kind: 'missing', reason: `Django needs Python 3.10, not ${version}` };
  const name = createHash('sha256')
    .update(readFileSync(join(REQUIREMENTS, requirements)))
    .update(version)
    .digest('hex')
    .slice(0, 12);
  const folder = join(CACHE, name);
  const ready: PythonEnvironment = { kind: 'ready', folder, python: join(folder, 'bin/python') };
  const mark = join(folder, 'complete');
  mkdirSync(CACHE, { recursive: true });
  return existsSync(mark) ? ready : makeOnce({ folder, mark, ready, requirements });
}

async function makeOnce({
  folder,
  mark,
  ready,
  requirements,
}: {
  readonly folder: string;
  readonly mark: string;
  readonly ready: PythonEnvironment;
  readonly requirements: string;
}): Promise<PythonEnvironment | NoPythonEnvironment> {
  const lock = `${folder}.lock`;
  if (!take(lock)) {
    await eventually(() => existsSync(mark) || !existsSync(lock), 'the Python environment', INSTALL_MS);
    return existsSync(mark)
      ? ready
      : { kind: 'missing', reason: 'PyPI could not be reached by another test' };
  }
  try {
    rmSync(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', '--without-pip', folder]);
    const words = ['install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    const [pip, ...before] = await pipFor(ready.python);
    await run(pip, [...before, ...words], { cwd: REQUIREMENTS, timeout: INSTALL_MS });
    writeFileSync(mark, '');
    return ready;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const last = stderr.trim().split('\n').at(-1) || message.split('\n', 1)[0];
    return {
      kind: 'missing',
      reason: `the packages of ${requirements} cannot be installed: ${last}`,
    };
  } finally {
    rmSync(lock, { force: true });
  }
}

/** To unpack a pip into an environment takes as long as all that is to be installed: the interpreter's own does it, too. */
async function pipFor(python: string): Promise<readonly [program: string, ...words: string[]]> {
  // Of pip 22.3 and newer.
  const own = ['-m', 'pip', '--python', python];
  const isThere = await run('python3', [...own, '--version']).then(
    () => true,
    () => false,
  );
  if (isThere) return ['python3', ...own];
  await run(python, ['-m', 'ensurepip']);
  return [python, '-m', 'pip'];
}

/** Test files are processes of their own, and all of them come at once. */
function take(lock: string): boolean {
  if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > INSTALL_MS) rmSync(lock, { force: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

import type { TestFn } from 'ava';
import {
  INSTALL_MS,
  type NoPythonEnvironment,
  type PythonEnvironment,
  pythonEnvironment,
} from './python-environment.ts';

/** Longer than AVA waits for a test. */
const LIMIT_MS = 2 * INSTALL_MS;

/**
 * Makes the environment before the first test of the file, with a limit of its own: what a file awaits while it is loaded
 * is under the limit of AVA, which is shorter than a slow line takes. Returns what there is once the tests run.
 * @param requirements names a file of this package
 */
export function beforePython(
  test: TestFn,
  requirements?: string,
): () => PythonEnvironment | NoPythonEnvironment {
  let environment: PythonEnvironment | NoPythonEnvironment | undefined;
  test.before('the Python environment', async (t) => {
    t.timeout(LIMIT_MS);
    environment = await pythonEnvironment(requirements);
  });
  return () => {
    if (environment === undefined) throw new Error('Ask for the environment in a test: it is not made yet');
    return environment;
  };
}

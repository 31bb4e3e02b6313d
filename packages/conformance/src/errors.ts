import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** `ERR_KIT_COMMAND_MISSING`, exit code 1: the tests of a worker class run where the server is not installed. */
export function commandNotInstalled(folder: string): OperatorError {
  return new OperatorError(
    'ERR_KIT_COMMAND_MISSING',
    `gunicorn-ts, which the worker class is tried with, is not installed in ${folder}; install it there: npm install --save-dev gunicorn-ts`,
    { exitCode: EXIT_CODE.failure },
  );
}

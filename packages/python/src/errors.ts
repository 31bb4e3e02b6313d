import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';
import type { Interpreter } from './interpreter.ts';

/** `ERR_PYTHON_NOT_FOUND`, exit code 1: there is no Python interpreter to run. */
export function interpreterNotFound({ command, chosenBy }: Interpreter, cause: unknown): OperatorError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new OperatorError(
    'ERR_PYTHON_NOT_FOUND',
    `The Python interpreter ${command} (${chosenBy}) cannot be started: ${reason}; install Python 3.9 or newer, or name an interpreter with --python`,
    { exitCode: EXIT_CODE.failure, cause },
  );
}

/** `ERR_PYTHON_TOO_OLD`, exit code 1: the interpreter is older than 3.9, or is no Python. */
export function interpreterTooOld({ command, chosenBy }: Interpreter, said: string): OperatorError {
  return new OperatorError(
    'ERR_PYTHON_TOO_OLD',
    `The Python interpreter ${command} (${chosenBy}) cannot be used: ${said}; name one of Python 3.9 or newer with --python`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** What a file in Python threw, with its traceback below; the caller says which file. */
export class PythonFailure extends Error {
  constructor(message: string, traceback: string) {
    super(traceback === '' ? message : `${message}\n${traceback}`);
    this.name = 'PythonFailure';
  }
}

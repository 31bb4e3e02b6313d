import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** The command, and what named it. */
interface Chosen {
  readonly command: string;
  readonly chosenBy: string;
}

/** `ERR_PYTHON_NOT_FOUND`, exit code 1: there is no Python interpreter to run. */
export function interpreterNotFound({ command, chosenBy }: Chosen, cause: unknown): OperatorError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new OperatorError(
    'ERR_PYTHON_NOT_FOUND',
    `The Python interpreter ${command} (${chosenBy}) cannot be started: ${reason}; install Python 3.9 or newer, or name an interpreter with --python`,
    { exitCode: EXIT_CODE.failure, cause },
  );
}

/** `ERR_PYTHON_UNUSABLE`, exit code 1: what `python` or `VIRTUAL_ENV` names is no interpreter that this user can run. */
export function interpreterUnusable({ command, chosenBy }: Chosen, reason: string): OperatorError {
  const cure =
    chosenBy === '$VIRTUAL_ENV'
      ? 'activate a virtual environment that is there, unset VIRTUAL_ENV, or name an interpreter with --python'
      : 'name the file of an interpreter with --python: .venv/bin/python';
  return new OperatorError(
    'ERR_PYTHON_UNUSABLE',
    `The Python interpreter ${command} (${chosenBy}) cannot be used: ${reason}; ${cure}`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_PYTHON_TOO_OLD`, exit code 1: the interpreter is older than 3.9, or is no Python. */
export function interpreterTooOld({ command, chosenBy }: Chosen, said: string): OperatorError {
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

/** The application failed; the stack is the traceback of Python. */
export class PythonError extends Error {
  constructor(traceback: string) {
    super(traceback.split('\n').at(-1) ?? '');
    this.name = 'PythonError';
    this.stack = traceback;
  }
}

/** The lane to the Python process is closed: it died, or could not finish a response. */
export class ChildGoneError extends Error {
  constructor(cause: unknown) {
    super('The Python process ended before the response was complete', { cause });
    this.name = 'ChildGoneError';
    this.stack = this.message;
  }
}

/** The process has been given up: what it has on its lanes is answered 504. */
export class GivenUpError extends ChildGoneError {
  constructor() {
    super(undefined);
    this.name = 'GivenUpError';
  }
}

/** What came on a lane is no frame of the request that is on it. It has not reached a client. */
export class StrayFrameError extends ChildGoneError {
  /** What came, in words. */
  readonly found: string;

  constructor(found: string) {
    super(undefined);
    this.found = found;
    this.message = this.stack = `The Python process sent ${found}`;
    this.name = 'StrayFrameError';
  }
}

/** `ERR_PYTHON_IMPORT`, exit code 3: the application threw while it was imported. */
export function importFailed(message: string, traceback: string): OperatorError {
  return new OperatorError('ERR_PYTHON_IMPORT', message, {
    exitCode: EXIT_CODE.workerBoot,
    ...(traceback === '' ? {} : { detail: traceback.trimEnd() }),
  });
}

/** `ERR_PYTHON_APPLICATION`, exit code 4: the module, the attribute, or a package is missing, or cannot be called. */
export function applicationMissing(message: string, searched: readonly string[]): OperatorError {
  const places = searched.map((place) => `\n  ${place === '' ? '.' : place}`).join('');
  return new OperatorError(
    'ERR_PYTHON_APPLICATION',
    `app: ${message}${places === '' ? '' : `; looked in:${places}`}`,
    { exitCode: EXIT_CODE.appLoad },
  );
}

/** `ERR_PYTHON_MASTER_GONE`, exit code 1: the Python process beside the arbiter ended while something was asked of it. */
export function masterGone(end: string): OperatorError {
  return new OperatorError(
    'ERR_PYTHON_MASTER_GONE',
    `The Python master ${end} before it had answered; look for its last words above`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_PYTHON_NOT_PREPARED`, exit code 3: a worker was started without a master to fork its process from. */
export function notPrepared(target: string): OperatorError {
  return new OperatorError(
    'ERR_PYTHON_NOT_PREPARED',
    `app: ${target} is an application in Python, and this worker knows no Python master: it was started by another release of the server; install the packages of one release and restart`,
    { exitCode: EXIT_CODE.workerBoot },
  );
}

/** `ERR_PYTHON_ENDED`, exit code 3: the Python process ended before it said that the application was loaded. */
export function endedWhileLoading(reason: string): OperatorError {
  return new OperatorError(
    'ERR_PYTHON_ENDED',
    `The Python process ${reason} while it loaded the application; look for its last words above`,
    { exitCode: EXIT_CODE.workerBoot },
  );
}

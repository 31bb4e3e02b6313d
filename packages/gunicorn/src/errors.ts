import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** What to write for worker classes of Gunicorn, and of packages for it, that cannot run here. The first that fits counts. */
const GUNICORN_CLASSES: readonly (readonly [name: RegExp, cure: string])[] = [
  [
    /tornado/i,
    "a Tornado application is served by Tornado's own loop; for its WSGI part write 'gthread', else start it without a server in front",
  ],
  [/meinheld/i, "meinheld is no longer maintained; write 'gthread', or 'gevent' for many slow requests"],
  [
    /aiohttp/i,
    'an aiohttp application is no WSGI application and brings its own server; start it with python -m aiohttp.web',
  ],
  [/asgi|uvicorn|hypercorn|daphne/i, "for an ASGI application write 'asgi'"],
  [
    /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/,
    "a class in Python cannot run here, since Node.js takes the connections; write 'sync', 'gthread' or 'gevent'",
  ],
];

/** `workerClass` names nothing that can be found. */
export function workerClassNotFound(
  name: string,
  known: readonly string[],
  where: { cwd: string; cause: unknown },
): OperatorError {
  const quoted = known.map((one) => `'${one}'`).join(', ');
  const cure =
    GUNICORN_CLASSES.find(([pattern]) => pattern.test(name))?.[1] ??
    `write ${quoted}, the name of a package that is installed in ${where.cwd}, or a path such as './my-worker.ts'`;
  return new OperatorError(
    'ERR_WORKER_CLASS_NOT_FOUND',
    `workerClass: there is no worker class '${name}'; ${cure}`,
    {
      cause: where.cause,
    },
  );
}

/** The module that `workerClass` names threw while it was loaded. `failure` says what and where. */
export function workerClassNotLoadable(name: string, failure: string, cause: unknown): OperatorError {
  return new OperatorError(
    'ERR_WORKER_CLASS_NOT_LOADABLE',
    `workerClass: '${name}' could not be loaded; correct it, or choose another: ${failure}`,
    { cause },
  );
}

/** The module that `workerClass` names exports something else. */
export function notAWorkerClass(name: string, found: unknown): OperatorError {
  const what = found === undefined ? 'no default export' : `a default export of type ${typeof found}`;
  return new OperatorError(
    'ERR_NOT_A_WORKER_CLASS',
    `workerClass: '${name}' is not a worker class: it has ${what}; write export default defineWorker({ name, interfaceVersion: 1, serves, start })`,
  );
}

/** With `daemon`: the process in the background ended before it served. */
export function daemonNotStarted(reason: string, exitCode: number | null): OperatorError {
  return new OperatorError(
    'ERR_DAEMON',
    `daemon: ${reason}; see the error log, or start it without --daemon`,
    { exitCode: exitCode ?? EXIT_CODE.failure },
  );
}

/** `ERR_MIGRATE_USAGE`, exit code 2: `gunicorn migrate` takes one file. */
export function migrateUsage(words: readonly string[]): OperatorError {
  const message = `gunicorn migrate takes one file, not "${words.join(' ')}"; write gunicorn migrate gunicorn.conf.py`;
  return new OperatorError('ERR_MIGRATE_USAGE', message, { exitCode: EXIT_CODE.usage });
}

/** `ERR_PYTHON_PACKAGE_MISSING`, exit code 1: what was asked for needs a package that is not installed. */
export function pythonPackageMissing(name: string): OperatorError {
  const message = `${name} is Python, which needs the package @gunicorn-ts/python; install it: npm install @gunicorn-ts/python`;
  return new OperatorError('ERR_PYTHON_PACKAGE_MISSING', message, { exitCode: EXIT_CODE.failure });
}

/** `ERR_INIT_USAGE`, exit code 2: `gunicorn init` takes one target. */
export function initUsage(words: readonly string[]): OperatorError {
  const message = `gunicorn init takes one target, not "${words.join(' ')}"; write gunicorn init, or gunicorn init ./src/server.ts`;
  return new OperatorError('ERR_INIT_USAGE', message, { exitCode: EXIT_CODE.usage });
}

/** `gunicorn export` was asked for the version. */
export function exportVersionError(): OperatorError {
  return new OperatorError('ERR_EXPORT_VERSION', 'export: --version has no place here; remove it', {
    exitCode: EXIT_CODE.usage,
  });
}

/** `gunicorn export` for an application that is not there. */
export function nothingToExport(cause: Error): OperatorError {
  return new OperatorError('ERR_EXPORT_TARGET', cause.message, { cause, exitCode: EXIT_CODE.failure });
}

/** `gunicorn export` needs a package that is not installed. */
export function exportPackageMissing(cause: unknown): OperatorError {
  return new OperatorError(
    'ERR_EXPORT_PACKAGE_MISSING',
    'export: the package @gunicorn-ts/export is not installed; install it: npm install @gunicorn-ts/export',
    { cause },
  );
}

/** `gunicorn export KIND` needs a package of its own, which is not installed. */
export function exporterPackageMissing(name: string, kind: string): OperatorError {
  return new OperatorError(
    'ERR_EXPORT_PACKAGE_MISSING',
    `export: ${kind} needs the package ${name}; install it: npm install --save-dev ${name}`,
    { exitCode: EXIT_CODE.failure },
  );
}

/** `ERR_PYTHON_LOGGING`, exit code 1: a setting names a logger in Python, and the application is not in Python. */
export function pythonLoggingUnusable(setting: string): OperatorError {
  const message = `${setting} names a class of Python, and the application is JavaScript: code that cannot run here; write errorlog, accesslog, loglevel, logFormat and syslog in its place, or a loggerClass of your own such as './logger.ts'`;
  return new OperatorError('ERR_PYTHON_LOGGING', message, { exitCode: EXIT_CODE.failure });
}

/** `gunicorn verify` without the package that does it. */
export function verifyPackageMissing(): OperatorError {
  return new OperatorError(
    'ERR_VERIFY_PACKAGE_MISSING',
    'verify: the package @gunicorn-ts/verify is not installed; install it: npm install @gunicorn-ts/verify',
  );
}

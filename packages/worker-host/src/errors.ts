import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** When the application was not found, or cannot be served. */
export const APPLICATION_ERRORS = {
  ERR_APP_TARGET_MISSING: 'No application was named, on the command line or as `app`.',
  ERR_APP_TARGET_SYNTAX: 'The target has not the form `module`, `module:name` or `module:name(arguments)`.',
  ERR_APP_NOT_FOUND: 'No loader finds a module behind the target, or it was there and is gone.',
  ERR_APP_EXPORT_NOT_FOUND: 'The module of the target exports nothing of the name behind the colon.',
  ERR_APP_NOT_RECOGNISED: 'What the module exports is none of the kinds of application that are known.',
  ERR_APP_KIND_NOT_SERVED: 'The application is of a kind that the worker class does not serve.',
  ERR_APP_STARTS_PROCESSES: 'The application called `cluster.fork()`.',
  ERR_APP_TLS: 'The application opened a TLS server whose settings cannot be taken over.',
  ERR_APP_NEEDS_PYTHON:
    'The target is a Python application, and the package that runs those is not installed.',
} as const;

/** When the process could not become what the settings ask for. */
export const BOOT_ERRORS = {
  ERR_PRIVILEGES: 'The process cannot become `user` or `group`.',
  ERR_TLS_FILE: 'A key or certificate cannot be read, as the user that the arbiter runs as.',
  ERR_WORKER_CLASS:
    'The module of the worker class has no worker class for this version as its default export.',
  ERR_LOGGER_CLASS: 'The module that `loggerClass` names has no class that can be made.',
  ERR_LOADER: 'The module of a loader has no export `loader` for this version.',
  ERR_IMPORT_MISSING: 'TypeScript imports a module that neither Node.js nor the compiler finds.',
  ERR_CHANNEL_CLOSED: 'The application called `process.disconnect()`, and the arbiter cannot be spoken to.',
  ERR_APP_LIFESPAN: 'An ASGI application could not start, or does not know the lifespan that it must.',
  ERR_ENDED_WHILE_LOADING: 'The application, or a hook, called `process.exit` while the worker was booting.',
} as const;

/** A code of an error about the application. */
export type ApplicationErrorCode = keyof typeof APPLICATION_ERRORS;

/** A code of an error about the process. */
export type BootErrorCode = keyof typeof BOOT_ERRORS;

/** Exit code 4: the application was not found, or what was found cannot be served. */
export function applicationError(code: ApplicationErrorCode, message: string): OperatorError {
  return new OperatorError(code, message, { exitCode: EXIT_CODE.appLoad });
}

/** Exit code 3: the worker could not boot. */
export function bootError(code: BootErrorCode, message: string, cause?: unknown): OperatorError {
  return new OperatorError(code, message, { exitCode: EXIT_CODE.workerBoot, cause });
}

/** The arbiter would not hear that this worker is ready, drains, or wants to be replaced. */
export function channelClosed(): OperatorError {
  return bootError(
    'ERR_CHANNEL_CLOSED',
    'the application called process.disconnect(), which closes the channel between the worker and the arbiter; ' +
      'remove the call, or make it only when the process runs without gunicorn',
  );
}

/** Its workers would be started for nothing. `call` is what was called: `process.exit(1)`. */
export function endedWhileLoading(doing: string, call: string): OperatorError {
  return bootError('ERR_ENDED_WHILE_LOADING', `${doing} called ${call} while the worker was booting`);
}

/** @param what the application says, or why it did not answer */
export function lifespanFailed(what: string): OperatorError {
  const reason = what === '' ? '' : `\n${what.trimEnd()}`;
  return bootError('ERR_APP_LIFESPAN', `The application's lifespan startup failed${reason}`);
}

/** The processes that it would start run the application once more, and wait for a primary that nobody is. */
export function startsProcesses(): OperatorError {
  return applicationError(
    'ERR_APP_STARTS_PROCESSES',
    'app: the application calls cluster.fork(), and the server starts the processes itself, each of which runs the whole ' +
      'application; remove the cluster part, or skip it when GUNICORN_WORKER is set, and say how many with --workers',
  );
}

/** What the compiler knows was tried: extensions, and the `paths` of `tsconfig.json`. */
export function missingInTypeScript(error: Error): OperatorError {
  const what = error.message.split('\n', 1)[0];
  return bootError(
    'ERR_IMPORT_MISSING',
    `${what}; with other extensions, and by the paths of tsconfig.json, it is not there either: correct the import, ` +
      "install the package, or choose another compiler, as in NODE_OPTIONS='--import tsx'",
  );
}

/** The worker class speaks TLS with one key and one certificate; what else the application asked for would be lost. */
export function tlsNotTaken(why: string): OperatorError {
  return applicationError(
    'ERR_APP_TLS',
    `app: the application listens with a TLS server whose settings cannot be taken over: ${why}; ` +
      'give the server certfile and keyfile (and caCerts, certReqs, or the hook sslContext for the rest), which go before it',
  );
}

/** The module that `loggerClass` names cannot be imported, or its class not be made. */
export function loggerUnusable(loggerClass: string, cause: unknown): OperatorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return bootError(
    'ERR_LOGGER_CLASS',
    `loggerClass: ${loggerClass} cannot be used: ${reason}; name a module whose default export is a class with entry() or access()`,
  );
}

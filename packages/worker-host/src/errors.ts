import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** The target cannot be read, points to nothing, or to something that cannot be served. */
export type ApplicationErrorCode =
  | 'ERR_APP_TARGET_MISSING'
  | 'ERR_APP_TARGET_SYNTAX'
  | 'ERR_APP_NOT_FOUND'
  | 'ERR_APP_EXPORT_NOT_FOUND'
  | 'ERR_APP_NOT_RECOGNISED'
  | 'ERR_APP_KIND_NOT_SERVED'
  | 'ERR_APP_NEEDS_PYTHON';

/** The process could not become what the settings ask for. */
export type BootErrorCode =
  | 'ERR_PRIVILEGES'
  | 'ERR_TLS_FILE'
  | 'ERR_WORKER_CLASS'
  | 'ERR_LOADER'
  | 'ERR_CHANNEL_CLOSED'
  | 'ERR_ENDED_WHILE_LOADING';

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

import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** The arguments of `gunicorn export` cannot be understood. */
export function exportUsageError(message: string): OperatorError {
  return new OperatorError('ERR_EXPORT_USAGE', message, { exitCode: EXIT_CODE.usage });
}

/** A value has no place in the file that was asked for: a line break in a path, say. */
export function unwritableValueError(what: string, value: string, why: string): OperatorError {
  return new OperatorError('ERR_EXPORT_VALUE', `${what}: ${JSON.stringify(value)} ${why}`);
}

/** A file or the folder for the files cannot be written, or not be read for a comparison. */
export function exportFileError(path: string, action: string, cause: unknown): OperatorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OperatorError('ERR_EXPORT_FILE', `${path} cannot be ${action}: ${reason}`, { cause });
}

/** No setting names a log file, so there is nothing to rotate. */
export function nothingToRotateError(): OperatorError {
  return new OperatorError(
    'ERR_EXPORT_SETTING',
    'errorlog and accesslog name no file, so there is nothing to rotate; set one of them',
  );
}

/** A setting that a server cannot have where it is to run. */
export function cannotRunError(setting: string, why: string): OperatorError {
  return new OperatorError('ERR_EXPORT_SETTING', `${setting} must be off: ${why}; remove it`);
}

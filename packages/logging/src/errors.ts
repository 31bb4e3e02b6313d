import { dirname } from 'node:path';
import { OperatorError, type Problem } from '@gunicorn-ts/interface';

/** A log that is named by this setting, or by a handler of a logging configuration. */
export type LogSetting = 'errorlog' | 'accesslog' | `handler ${string}`;

const STANDARD_STREAM: Readonly<Record<string, string>> = { errorlog: 'stderr', accesslog: 'stdout' };

/**
 * `ERR_LOG_NOT_WRITABLE`: the file of a log cannot be opened for appending. The caller adds where the
 * setting came from.
 */
export function logNotWritable(setting: LogSetting, path: string, cause: unknown): OperatorError {
  const code = errorCode(cause);
  const message = `${setting} '${path}' cannot be written: ${code}, ${reason(setting, path, { code, cause })}`;
  return new OperatorError('ERR_LOG_NOT_WRITABLE', message, { cause });
}

function reason(setting: LogSetting, path: string, failure: { code: string; cause: unknown }): string {
  const stream = STANDARD_STREAM[setting];
  const standard = stream === undefined ? 'use logging.StreamHandler' : `write ${setting}: '-' for ${stream}`;
  switch (failure.code) {
    case 'ERR_FOREIGN_LINK':
    case 'ERR_SECOND_NAME':
      return (failure.cause as Error).message;
    case 'ENOENT':
      return `the directory '${dirname(path)}' does not exist; create it, or ${standard}`;
    case 'ENOTDIR':
      return `'${dirname(path)}' is not a directory; name a file in a directory, or ${standard}`;
    case 'EISDIR':
      return `it is a directory; name a file in it, or ${standard}`;
    case 'EACCES':
    case 'EPERM':
      return `permission denied; let the user with id ${process.geteuid?.() ?? '?'} write the file and its directory, or ${standard}`;
    case 'EROFS':
      return `the file system is read-only; name a file on another one, or ${standard}`;
    // Opening a FIFO that nobody reads, or /dev/stdout when it is a socket.
    case 'ENXIO':
      return `it is a socket, or a FIFO that nobody reads; ${standard}, or start the reader first`;
    default:
      return `${failure.cause instanceof Error ? failure.cause.message : String(failure.cause)}; name another file, or ${standard}`;
  }
}

/** What is wrong with an `accessLogFormat` that is malformed at this character. */
export function malformedFormat(format: string, position: number): Problem {
  const found = format.slice(position, position + 20);
  return {
    setting: 'accessLogFormat',
    message: `has '${found}' at character ${position + 1}, which is no atom`,
    cure: 'write atoms as %(h)s and a percent sign as %%',
  };
}

/** `ERR_ACCESS_LOG_FORMAT`: `accessLogFormat` is not what Gunicorn's format language allows. */
export function badAccessLogFormat({ setting, message, cure }: Problem): OperatorError {
  return new OperatorError('ERR_ACCESS_LOG_FORMAT', `${setting} ${message}; ${cure}`);
}

/** `ENOSPC` and its like, or the message when the error has no code. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}

/** `ERR_LOG_CONFIG`: a configuration of Python's `logging` cannot be read, or is wrong; Python would refuse it too. */
export function loggingConfigUnusable(what: string, cause: Error): OperatorError {
  const code = errorCode(cause);
  const why = code === 'ENOENT' ? 'does not exist; name a file that does' : cause.message;
  return new OperatorError('ERR_LOG_CONFIG', `${what} ${why}`, { cause });
}

import { OperatorError } from '@gunicorn-ts/interface';

/** An inherited listener cannot be listened on. */
export function listenError(url: string, cause: unknown): OperatorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OperatorError('ERR_LISTEN', `the worker cannot listen on ${url}: ${reason}`, { cause });
}

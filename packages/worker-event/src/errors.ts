import { OperatorError } from '@gunicorn-ts/interface';

/** An inherited listener cannot be listened on. */
export function listenError(url: string, cause: unknown): OperatorError {
  return new OperatorError('ERR_LISTEN', `the worker cannot listen on ${url}: ${reasonOf(cause)}`, { cause });
}

/** What an unknown thrown value says about itself, with its stack when it has one. */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? `${thrown.name}: ${thrown.message}`) : String(thrown);
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

import { OperatorError } from '@gunicorn-ts/interface';

/** A request that the application was given as a promise did not end within `timeout`. */
export class HungRequestError extends Error {
  readonly code = 'ERR_REQUEST_HUNG';

  constructor(method: string, target: string, seconds: number) {
    super(
      `${method} ${target} is not answered after ${seconds} s (timeout): the event loop is alive, ` +
        'but the promise that the application returned is not settled',
    );
    this.name = 'HungRequestError';
    // Where it was made says nothing about where the application hangs.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** The system lacks what the sync worker is built on. */
export function unsupportedSystemError(cause: unknown): OperatorError {
  return new OperatorError(
    'ERR_SYNC_UNSUPPORTED',
    `the sync worker needs Linux: ${cause instanceof Error ? cause.message : String(cause)}. Use --worker-class event.`,
    { cause },
  );
}

/** For the log: what serves one connection failed in a way that nobody foresaw; that connection alone is ended. */
export function faultOfConnection(thrown: unknown): string {
  return `A connection was ended because serving it failed: ${stackOf(thrown)}`;
}

/** What an unknown thrown value says about itself, with its stack when it has one. */
export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? `${thrown.name}: ${thrown.message}`) : String(thrown);
}

/** Where the value of a setting came from; the later in this list wins. */
export type SettingSource =
  | { readonly kind: 'default' }
  /** A default that an environment variable gave (`PORT`, `WEB_CONCURRENCY`, `FORWARDED_ALLOW_IPS`). */
  | { readonly kind: 'default-env'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string; readonly line?: number }
  /** A flag inside `GUNICORN_CMD_ARGS`. */
  | { readonly kind: 'env'; readonly flag: string }
  | { readonly kind: 'flag'; readonly flag: string }
  /** A hook that changes the settings while the server starts. */
  | { readonly kind: 'hook'; readonly hook: string };

/**
 * One thing that is wrong with the settings, in the order a person needs it: what is wrong, what was
 * found, where it came from, what to write instead.
 */
export interface Problem {
  /** The setting's key, when one setting is to blame. */
  readonly setting?: string;
  /** What is wrong, and what was found: `must be a whole number, not "two"`. */
  readonly message: string;
  readonly source?: SettingSource;
  /** What to write instead: `write workers: 2`. */
  readonly cure?: string;
}

/**
 * An error whose message is meant for the operator as it stands: printed without a stack.
 * Recognised by a property and not by `instanceof`, since two copies of this package can meet in one process.
 */
export class OperatorError extends Error {
  readonly isOperatorError = true;
  /** Stable, for programs: `ERR_ADDRESS_IN_USE`. */
  readonly code: string;
  /** What the process should exit with when nobody can handle this. */
  readonly exitCode: number;
  /** Lines that belong below the message: a traceback in another language. */
  readonly detail: string | undefined;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { exitCode?: number; detail?: string } = {},
  ) {
    super(message, options);
    this.name = 'OperatorError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
    this.detail = options.detail;
  }

  static is(value: unknown): value is OperatorError {
    return value instanceof Error && (value as { isOperatorError?: unknown }).isOperatorError === true;
  }
}

/**
 * How an error reads in the log and at the terminal: its message with its code, by which docs/errors.md and a search
 * know it. Stands at the end of the first line, since a list or a stack may follow.
 */
export function messageWithCode({ code, message }: OperatorError): string {
  const [first = '', ...more] = message.split('\n');
  // The message of another error, in which it was wrapped.
  if (/\[ERR_\w+\]$/.test(first)) return message;
  return [`${first} [${code}]`, ...more].join('\n');
}

/** What was thrown, in the words of a log line: without a stack, which a mistake of the operator does not need. */
export function describeThrown(thrown: unknown): string {
  if (OperatorError.is(thrown)) return messageWithCode(thrown);
  return thrown instanceof Error ? thrown.message : String(thrown);
}

import { fileURLToPath } from 'node:url';
import { EXIT_CODE, messageWithCode, OperatorError } from '@gunicorn-ts/interface';

/** How a boot ended that did not succeed. */
export interface BootFailure {
  readonly exitCode: number;
  readonly message: string;
  /** Stack with the user's frames; absent when the message says it all. */
  readonly detail?: string;
}

/** In characters. An exception may carry the whole of a request; its message and its stack begin with what matters. */
const LONGEST_TEXT = 32 * 1024;

const OWN_FRAMES = fileURLToPath(new URL('.', import.meta.url));

/**
 * Decides what a thrown value means for the process and for the reader of the log. `doing` is the stage of the
 * boot, for the headline: `the application`.
 */
export function describeFailure(thrown: unknown, doing: string): BootFailure {
  if (OperatorError.is(thrown)) {
    const { exitCode, detail } = thrown;
    const message = cut(messageWithCode(thrown));
    return detail === undefined ? { exitCode, message } : { exitCode, message, detail: cut(detail) };
  }
  return {
    exitCode: EXIT_CODE.workerBoot,
    message: `${doing} threw while the worker was booting:`,
    detail: cut(userStack(thrown)),
  };
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} …` : text;
}

/** The stack, with causes, without the frames of Node's insides and of this package. */
export function userStack(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    // `import` of node:util costs each worker 4 ms and 2 MB, for what hardly any of them will do.
    return `thrown: ${process.getBuiltinModule('node:util').inspect(thrown)}`;
  }
  const lines = (thrown.stack ?? `${thrown.name}: ${thrown.message}`)
    .split('\n')
    .filter((line) => !isForeignFrame(line));
  const causes = thrown instanceof AggregateError ? thrown.errors : [thrown.cause];
  for (const cause of causes) {
    if (cause !== undefined && cause !== thrown) lines.push(`Caused by: ${userStack(cause)}`);
  }
  return lines.join('\n');
}

function isForeignFrame(line: string): boolean {
  if (!/^\s+at /.test(line)) return false;
  return /\bnode:/.test(line) || line.includes(OWN_FRAMES);
}

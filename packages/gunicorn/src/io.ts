import { EXIT_CODE, messageWithCode, OperatorError } from '@gunicorn-ts/interface';

/** What the command reads and writes. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
  /** Where compiled code is kept; see `keepCompiled`. */
  readonly compiledFolder?: string | undefined;
}

/**
 * Says what went wrong, and how the process is to exit: an error for the operator is one sentence, any other keeps its
 * stack, since it is a bug of ours.
 */
export function reportError(
  error: unknown,
  { stderr }: Io,
): { readonly text: string; readonly exitCode: number } {
  const isOperators = OperatorError.is(error);
  const text = isOperators
    ? messageWithCode(error)
    : error instanceof Error
      ? (error.stack ?? '')
      : String(error);
  stderr.write(`\n${isOperators ? 'Error: ' : ''}${text}\n`);
  return { text, exitCode: isOperators ? error.exitCode : EXIT_CODE.failure };
}

/** Runs a command. What goes wrong with it is said. @returns the exit code */
export async function reporting(io: Io, run: () => number | Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    return reportError(error, io).exitCode;
  }
}

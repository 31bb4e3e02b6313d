import { inspect } from 'node:util';
import { fileURLToPath } from 'node:url';
import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** How a boot ended that did not succeed. */
export interface BootFailure {
  readonly exitCode: number;
  readonly message: string;
  /** Stack with the user's frames; absent when the message says it all. */
  readonly detail?: string;
}

const OWN_FRAMES = fileURLToPath(new URL('.', import.meta.url));

/** Decides what a thrown value means for the process and for the reader of the log. */
export function describeFailure(thrown: unknown): BootFailure {
  if (OperatorError.is(thrown)) return { exitCode: thrown.exitCode, message: thrown.message };
  const message =
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `thrown: ${inspect(thrown)}`;
  return { exitCode: EXIT_CODE.workerBoot, message, detail: userStack(thrown) };
}

/** The stack, with causes, without the frames of Node's insides and of this package. */
export function userStack(thrown: unknown): string {
  return inspect(thrown)
    .split('\n')
    .filter((line) => !isForeignFrame(line))
    .join('\n');
}

function isForeignFrame(line: string): boolean {
  if (!/^\s+at /.test(line)) return false;
  return line.includes('node:internal/') || line.includes(OWN_FRAMES);
}

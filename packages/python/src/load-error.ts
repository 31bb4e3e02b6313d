import type { FirstWord } from './control-lane.ts';
import { applicationMissing, endedWhileLoading, importFailed } from './errors.ts';
import { checkVersion, type Interpreter } from './interpreter.ts';
import type { ProcessEnd } from './forked-process.ts';

/** What the operator is told of a process that did not load the application. */
export function loadError(
  word: Exclude<FirstWord, { kind: 'ready' }>,
  interpreter: Interpreter,
  end: ProcessEnd,
): Error {
  if (word.kind === 'silent') {
    checkVersion(interpreter);
    return endedWhileLoading(end);
  }
  const { kind, message, traceback, searched } = word.failure;
  return kind === 'import-error' ? importFailed(message, traceback) : applicationMissing(message, searched);
}

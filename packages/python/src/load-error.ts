import type { FirstWord } from './control-lane.ts';
import { applicationMissing, endedWhileLoading, importFailed } from './errors.ts';
import type { ProcessEnd } from './forked-process.ts';

/** What the operator is told of a process that did not load the application. */
export function loadError(word: Exclude<FirstWord, { kind: 'ready' }>, end: ProcessEnd): Error {
  if (word.kind === 'silent') {
    return endedWhileLoading(end);
  }
  const { kind, message, traceback, searched } = word.failure;
  return kind === 'import-error' ? importFailed(message, traceback) : applicationMissing(message, searched);
}

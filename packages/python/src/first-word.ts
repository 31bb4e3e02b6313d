import type { Ready } from './control-lane.ts';
import type { ForkedProcess } from './forked-process.ts';
import { loadError } from './load-error.ts';

/**
 * Resolves when a process has loaded the application.
 * @param onFiles is told of the files that it was loaded from, also when it does not load
 * @throws {OperatorError} when it does not load
 */
export async function readyOf(
  python: Pick<ForkedProcess, 'firstWord' | 'ended'>,
  onFiles: (files: readonly string[]) => void,
): Promise<Ready> {
  const word = await python.firstWord;
  if (word.kind === 'ready') {
    onFiles(word.files);
    return word;
  }
  const end = await python.ended;
  if (word.kind === 'failed') onFiles(word.failure.files ?? []);
  throw loadError(word, end);
}

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { libraryFunction } from './system-calls.ts';

/** Whoever has just started is still being asked for a lot; then it is the time of nobody. */
const DELAY_MS = 1000;

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let planned: NodeJS.Timeout | undefined;

/**
 * Gives back in a moment what a start or a load has left behind, see {@link releaseMemory}. Asked for again meanwhile, it
 * does so once, after the last time.
 */
export function releaseMemorySoon(): void {
  clearTimeout(planned);
  planned = setTimeout(releaseMemory, DELAY_MS).unref();
}

/**
 * Gives garbage, code that has run once, and what malloc keeps for later back to the system: a third of a process that
 * does little after its start. Halts this thread meanwhile, for some 30 ms when the heap is small.
 */
export function releaseMemory(): void {
  setFlagsFromString('--expose-gc');
  // The function is given to contexts that are made from now on: this one does not get it, nor do later ones.
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  trim();
}

/** Only the C library of GNU has this; others keep less. */
function trim(): void {
  try {
    libraryFunction('int malloc_trim(size_t keep)')(0);
  } catch {
    // Then not.
  }
}

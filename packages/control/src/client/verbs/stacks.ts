import { type Autopsy, autopsyLines } from '@gunicorn-ts/interface';
import { printJson, printLines } from '../output.ts';
import type { Verb } from '../verb.ts';

/** One worker, in the answer. */
export interface Answered {
  readonly slot: number;
  readonly pid: number;
  readonly autopsy?: Autopsy;
  readonly error?: string;
}

/** Longer than the server waits for a worker. */
export const PATIENCE_MS = 15_000;

/** `gunicorn stacks`. */
export const stacks: Verb = {
  operands: '[SLOT|PID]',
  more: 'A worker is stopped for a moment and goes on. Both languages are shown: JavaScript, and Python where the application is Python.',
  exits: { 0: 'the stacks were shown', 1: 'a worker could not say where it stands' },
  misuse: ({ words }) =>
    words.length === 0 || (words.length === 1 && /^\d{1,9}$/.test(words[0] ?? ''))
      ? undefined
      : `takes the number of a worker or its process id, as gunicorn ps shows them, not "${words.join(' ')}"`,
  async run({ isJson, words: [word] }, { session, io }) {
    const options = word === undefined ? {} : { worker: Number(word) };
    const { workers } = await session.ask<{ readonly workers: readonly Answered[] }>(
      'stacks',
      options,
      PATIENCE_MS,
    );
    if (isJson) printJson(io, workers);
    else printLines(io, workers.flatMap(linesOf));
    return workers.every(({ error }) => error === undefined) ? 0 : 1;
  },
};

/** Pure. */
export function linesOf({ slot, pid, autopsy, error }: Answered): readonly string[] {
  const head = `worker ${slot} (pid ${pid})`;
  if (autopsy === undefined) return [`${head}: ${error ?? 'no answer'}`];
  const silent = autopsy.stuckMs < 1000 ? '' : `, silent for ${(autopsy.stuckMs / 1000).toFixed(1)} s`;
  return [`${head}${silent}`, ...autopsyLines(autopsy, 'stands in:')];
}

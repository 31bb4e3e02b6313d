import type { Verdict, Verdicts } from './verdict.ts';

/** What became of a test in all rounds on a server. */
export type Standing = Verdict | 'missing' | 'unsteady';

export interface Difference {
  readonly title: string;
  readonly onNode: Standing;
  readonly onEngine: Standing;
}

/** The tests that end otherwise on the engine. One that is unsteady on Node's own server says nothing. */
export function differences(node: readonly Verdicts[], engine: readonly Verdicts[]): Difference[] {
  const titles = new Set([...node, ...engine].flatMap((verdicts) => [...verdicts.keys()]));
  return [...titles]
    .map((title) => ({ title, onNode: standing(title, node), onEngine: standing(title, engine) }))
    .filter(({ onNode, onEngine }) => onNode !== onEngine && onNode !== 'unsteady');
}

export function count(rounds: readonly Verdicts[], wanted: Standing): number {
  const titles = new Set(rounds.flatMap((verdicts) => [...verdicts.keys()]));
  return [...titles].filter((title) => standing(title, rounds) === wanted).length;
}

function standing(title: string, rounds: readonly Verdicts[]): Standing {
  const seen = new Set(rounds.map((verdicts) => verdicts.get(title) ?? 'missing'));
  return seen.size === 1 ? [...seen][0]! : 'unsteady';
}

import type { Happened } from './events/event.ts';
import type { Verdict } from './judge.ts';
import type { Entry } from './load/ledger.ts';

/** All that a run found. */
export interface Outcome {
  /** What was verified: the words of the server, or a URL. */
  readonly subject: string;
  readonly seed: number;
  readonly rate: number;
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  readonly happened: readonly Happened[];
  readonly entries: readonly Entry[];
}

export function holds({ verdicts }: Outcome): boolean {
  return verdicts.every((verdict) => verdict.holds);
}

/** How many requests were made by clients of each kind. */
export function requestsByClient(entries: readonly Entry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { client } of entries) counts[client] = (counts[client] ?? 0) + 1;
  return counts;
}

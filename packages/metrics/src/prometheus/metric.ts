import type { Figures } from '../figures.ts';
import type { Snapshot } from '../snapshot.ts';

export type Labels = Readonly<Record<string, string>>;

/** One line, or the lines of one histogram. */
export type Sample =
  | { readonly labels?: Labels; readonly value: number }
  | {
      readonly labels?: Labels;
      /** Upper bounds; buckets are each for itself, and there is one more of them. */
      readonly bounds: readonly number[];
      readonly buckets: readonly number[];
      readonly sum: number;
    };

/** One metric: what it is called, what it says, and where its numbers come from. */
export interface Metric {
  /** As it is written, `_total` of a counter included. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** `seconds`, `bytes`; empty for a number of things. */
  readonly unit: '' | 'seconds' | 'bytes';
  readonly help: string;
  readonly labels: readonly string[];
  /** Of the server. */
  readonly ofServer?: (snapshot: Snapshot) => readonly Sample[];
  /** Of what workers count: for all of them together, or for each slot. */
  readonly ofFigures?: (figures: Figures, snapshot: Snapshot) => readonly Sample[];
}

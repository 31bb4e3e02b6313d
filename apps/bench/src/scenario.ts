import type { Figure } from './figure.ts';

/** One question that is asked of the peers. */
export interface Scenario {
  /** As `--only` takes it. */
  readonly name: string;
  /** What is measured and how, in a sentence or two. */
  readonly about: string;
  run(progress: Progress): Promise<Figure[]>;
}

/** Says on stderr what is going on. */
export type Progress = (text: string) => void;

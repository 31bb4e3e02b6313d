/** One measured value, and what it is held against. */
export interface Figure {
  readonly scenario: string;
  /** What was measured, of whom: `CPU per request, 1 event worker`. */
  readonly name: string;
  readonly unit: Unit;
  readonly value: number;
  /** The same of the peer it is compared with. */
  readonly baseline?: Baseline;
  /** What `target` limits. Without a baseline it is the value. */
  readonly compare?: 'ratio' | 'difference';
  /** The most that is allowed, in the terms of `compare`. Without it the figure is for information. */
  readonly target?: number;
}

export interface Baseline {
  readonly peer: string;
  readonly value: number;
}

export type Unit = 'µs' | 'ms' | 'MB' | 'kB' | 'requests/s' | 'connections' | 'descriptors' | 'times';

export type Verdict = 'pass' | 'falls short' | 'for information';

/** The number that the target limits. */
export function comparedValue(figure: Figure): number {
  if (!figure.baseline) return figure.value;
  if (figure.compare === 'ratio') return figure.value / figure.baseline.value;
  if (figure.compare === 'difference') return figure.value - figure.baseline.value;
  return figure.value;
}

export function verdict(figure: Figure): Verdict {
  if (figure.target === undefined) return 'for information';
  return comparedValue(figure) <= figure.target ? 'pass' : 'falls short';
}

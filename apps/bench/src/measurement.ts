import { median } from './quantile.ts';
import type { Quantity } from './quantity.ts';

/** One measured value. */
export interface Measurement {
  /** Title of the peer. */
  readonly peer: string;
  /** Under which of the scenario's circumstances: `8 clients`. Empty where there is one. */
  readonly group: string;
  readonly quantity: Quantity;
  readonly value: number;
  /** How far the rounds lie apart, over the value: 0.1 is a tenth. */
  readonly spread?: number;
  /** What each round gave, where there was more than one. The rounds of two peers with the same number were neighbours. */
  readonly rounds?: readonly number[];
  /** What the number does not say: of which kinds the failures were. */
  readonly note?: string;
}

/** The median of the rounds, and how far they lie apart. */
export function ofRounds(
  whose: Pick<Measurement, 'peer' | 'group'>,
  quantity: Quantity,
  rounds: readonly number[],
): Measurement {
  const value = median(rounds);
  const spread = value === 0 ? 0 : (Math.max(...rounds) - Math.min(...rounds)) / value;
  return { ...whose, quantity, value, ...(rounds.length > 1 && { spread, rounds }) };
}

/** How far the rounds lie apart, in words: how much a ratio can be believed. Empty where there was one round. */
export function describeSpread(measurements: readonly Measurement[]): string {
  const spreads = measurements.flatMap(({ quantity, spread }) =>
    spread === undefined ? [] : [{ name: quantity.name, spread }],
  );
  const [first] = spreads;
  if (first === undefined) return '';
  const ofFirst = spreads.filter(({ name }) => name === first.name).map(({ spread }) => spread);
  return `The rounds of one peer lie up to ${(Math.max(...ofFirst) * 100).toFixed(0)} % apart (${first.name}).`;
}

/** Three figures that matter, with the unit. */
export function formatValue(value: number, { unit }: Quantity): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 10 ? 2 : 1;
  const number = Number(value.toFixed(digits)).toLocaleString('en', { minimumFractionDigits: digits });
  return unit === '' || unit === '/s' ? `${number}${unit}` : `${number} ${unit}`;
}

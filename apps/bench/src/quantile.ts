/** The middle of the values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * A quarter of the values are below it. What else a machine does only ever makes a measurement larger, so this
 * says more than the median about what is measured.
 */
export function lowerQuartile(values: readonly number[]): number {
  return quantile(values, 0.25);
}

function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new Error('There is no quantile of no values');
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

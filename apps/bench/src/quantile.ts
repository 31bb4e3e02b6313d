/** The middle of the values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value that a part of them does not exceed; between two values, what lies between them.
 * @param part 0.99 for the 99th percentile
 */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new Error('There is no quantile of no values');
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

import { DURATION_BOUNDS } from './layout.ts';

/**
 * How long a part of the requests took at most, in seconds, read off the buckets: within one it is taken to be spread
 * evenly, and above the last bound it is that. 0 without requests.
 * @param part from 0 to 1
 */
export function quantile(buckets: readonly number[], part: number): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  let left = total * part;
  for (const [index, count] of buckets.entries()) {
    const upper = DURATION_BOUNDS[index];
    if (upper === undefined) break;
    const lower = DURATION_BOUNDS[index - 1] ?? 0;
    if (count > 0 && left <= count) return lower + ((upper - lower) * left) / count;
    left -= count;
  }
  return total === 0 ? 0 : (DURATION_BOUNDS.at(-1) ?? 0);
}

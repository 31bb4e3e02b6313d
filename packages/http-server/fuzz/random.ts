/** Random numbers from a seed, in [0, 1): the same seed brings the same run (mulberry32). */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 on. */
export function pick(random: Random, below: number): number {
  return Math.floor(random() * below);
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[pick(random, items.length)]!;
}

/** Cuts bytes at random places. */
export function cut(bytes: Buffer, random: Random): Buffer[] {
  const places = Array.from({ length: pick(random, 5) }, () => pick(random, bytes.length + 1));
  const sorted = [0, ...places.sort((a, b) => a - b), bytes.length];
  return sorted
    .slice(1)
    .map((end, index) => bytes.subarray(sorted[index], end))
    .filter((piece) => piece.length > 0);
}

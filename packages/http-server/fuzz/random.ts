/** Random numbers in [0, 1). */
export type Random = () => number;

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

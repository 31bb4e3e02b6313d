/** Requests a second at a time, in seconds from the beginning. */
export interface RequestLoad {
  readonly name: string;
  readonly seconds: number;
  /** Rates at times; between two of them they change evenly. */
  readonly points: readonly (readonly [second: number, rate: number])[];
}

/** Each is the course of an hour; none is kind to a scaler that looks back a minute. */
export const LOADS: readonly RequestLoad[] = [
  {
    name: 'day',
    seconds: 3600,
    points: [
      [0, 20],
      [600, 30],
      [1500, 120],
      [2100, 150],
      [2700, 90],
      [3600, 25],
    ],
  },
  {
    name: 'steps',
    seconds: 3600,
    points: [
      [0, 30],
      [900, 30],
      [960, 90],
      [1800, 90],
      [1860, 45],
      [2700, 45],
      [2760, 140],
      [3600, 140],
    ],
  },
  {
    name: 'rush',
    seconds: 3600,
    points: [
      [0, 25],
      [1200, 25],
      [1320, 160],
      [1800, 160],
      [2100, 40],
      [3600, 40],
    ],
  },
];

export function rateAt({ points }: RequestLoad, second: number): number {
  const after = points.findIndex(([time]) => time > second);
  if (after === -1) return points.at(-1)![1];
  const [[start, from], [end, to]] = [points[after - 1]!, points[after]!];
  return from + ((to - from) * (second - start)) / (end - start);
}

import { REFUSAL_REASONS, type RefusalReason, WAIT_SOURCES, type WaitSource } from '@gunicorn-ts/interface';
import { BUCKETS, COUNTERS, type CounterName } from './layout.ts';

/** How often something took how long. */
export interface Histogram {
  /** In seconds. */
  readonly sum: number;
  /** Each for itself; the last is above the last bound. */
  readonly buckets: readonly number[];
}

/** What one worker, or all of them, have counted. Never changed in place. */
export interface Figures {
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly refusals: Readonly<Record<RefusalReason, number>>;
  readonly waits: Readonly<Record<WaitSource, Histogram>>;
  /** Durations of requests, by the key of method and status. */
  readonly rows: ReadonlyMap<number, Histogram>;
}

export const NO_TIMES: Histogram = { sum: 0, buckets: Array.from({ length: BUCKETS }, () => 0) };

/** Rows that a sum may have: more than workers can need, and few enough to be shown. */
const MOST_ROWS = 512;

type Combine = (one: number, other: number) => number;

const add: Combine = (one, other) => one + other;
const larger: Combine = Math.max;

export const NO_FIGURES: Figures = {
  counters: record(COUNTERS, () => 0),
  refusals: record(REFUSAL_REASONS, () => 0),
  waits: record(WAIT_SOURCES, () => NO_TIMES),
  rows: new Map(),
};

/** What two have counted together. */
export function sumOf(one: Figures, other: Figures): Figures {
  return combine(one, other, add);
}

/** A later reading of the same memory, in which nothing is less than it was: what grows cannot shrink. */
export function grown(before: Figures, now: Figures): Figures {
  return combine(before, now, larger);
}

export function countOf({ buckets }: Histogram): number {
  return buckets.reduce(add, 0);
}

export function sumOfTimes(one: Histogram, other: Histogram): Histogram {
  return combineTimes(one, other, add);
}

/** All durations together. */
export function allTimes({ rows }: Figures): Histogram {
  return [...rows.values()].reduce(sumOfTimes, NO_TIMES);
}

function combine(one: Figures, other: Figures, how: Combine): Figures {
  const rows = new Map(one.rows);
  for (const [key, times] of other.rows) {
    const mine = rows.get(key);
    if (mine !== undefined) rows.set(key, combineTimes(mine, times, how));
    else if (rows.size < MOST_ROWS) rows.set(key, times);
  }
  return {
    counters: record(COUNTERS, (name) => how(one.counters[name], other.counters[name])),
    refusals: record(REFUSAL_REASONS, (name) => how(one.refusals[name], other.refusals[name])),
    waits: record(WAIT_SOURCES, (name) => combineTimes(one.waits[name], other.waits[name], how)),
    rows,
  };
}

function combineTimes(one: Histogram, other: Histogram, how: Combine): Histogram {
  const buckets: number[] = [];
  for (let index = 0; index < one.buckets.length; index++)
    buckets.push(how(one.buckets[index]!, other.buckets[index] ?? 0));
  return { sum: how(one.sum, other.sum), buckets };
}

/** A record of all names. */
export function record<K extends string, T>(names: readonly K[], valueOf: (name: K) => T): Record<K, T> {
  const made = {} as Record<K, T>;
  for (const name of names) made[name] = valueOf(name);
  return made;
}

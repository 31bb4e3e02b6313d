import { allTimes, type Histogram, quantile, type Snapshot } from '@gunicorn-ts/metrics';

/** What happened between two looks. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestsPerSecond: number;
  /** Of requests that ended in that time; 0 without one. */
  readonly failedRatio: number;
  /** How long 95 of 100 requests took at most, in seconds, read off the buckets; 0 without one. */
  readonly p95Seconds: number;
  /** Of the time of all workers, from 0 to 1. */
  readonly busyRatio: number;
  readonly queue: number;
}

/** Ten minutes, two seconds apart. */
const MOST_SAMPLES = 300;

/** What a sample is made of. */
export interface Reading {
  readonly at: number;
  readonly times: Histogram;
  readonly failed: number;
  readonly busySeconds: number;
  readonly workers: number;
  readonly queue: number;
}

/** The last minutes. Lives in the arbiter. */
export class History {
  readonly #samples: Sample[] = [];
  #last: Reading | undefined;

  add(reading: Reading): void {
    const last = this.#last;
    this.#last = reading;
    if (last === undefined || reading.at <= last.at) return;
    this.#samples.push(sampleBetween(last, reading));
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
  }

  /** Oldest first. */
  list(): readonly Sample[] {
    return this.#samples;
  }
}

/** Of a snapshot, and what waits at the listeners. */
export function readingOf(snapshot: Snapshot, queue: number): Reading {
  return {
    at: snapshot.at,
    times: allTimes(snapshot.totals),
    failed: failedOf(snapshot),
    busySeconds: snapshot.totals.counters.busyMs / 1000,
    workers: snapshot.workers.filter(({ condition }) => condition !== 'booting').length,
    queue,
  };
}

function failedOf({ totals }: Snapshot): number {
  let failed = 0;
  for (const [key, { buckets }] of totals.rows) {
    if (key % 1000 >= 500) failed += buckets.reduce((sum, count) => sum + count, 0);
  }
  return failed;
}

/** Pure. */
export function sampleBetween(before: Reading, now: Reading): Sample {
  const seconds = (now.at - before.at) / 1000;
  const buckets = now.times.buckets.map((count, index) =>
    Math.max(0, count - (before.times.buckets[index] ?? 0)),
  );
  const requests = buckets.reduce((sum, count) => sum + count, 0);
  const busy = (now.busySeconds - before.busySeconds) / (seconds * Math.max(1, now.workers));
  return {
    at: now.at,
    requestsPerSecond: requests / seconds,
    failedRatio: requests === 0 ? 0 : Math.max(0, now.failed - before.failed) / requests,
    p95Seconds: quantile(buckets, 0.95),
    busyRatio: Math.min(1, Math.max(0, busy)),
    queue: now.queue,
  };
}

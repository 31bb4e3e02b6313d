import test from 'ava';
import { History, type Reading, sampleBetween } from '../../src/history.ts';

function reading(change: Partial<Reading> = {}): Reading {
  const buckets = Array.from({ length: 15 }, () => 0);
  return { at: 0, times: { sum: 0, buckets }, failed: 0, busySeconds: 0, workers: 2, queue: 0, ...change };
}

test('a sample is what happened between two looks', (t) => {
  const buckets = [90, 10, ...Array.from({ length: 13 }, () => 0)];
  const now = reading({ at: 2000, times: { sum: 1, buckets }, failed: 5, busySeconds: 2, queue: 3 });
  t.deepEqual(sampleBetween(reading(), now), {
    at: 2000,
    requestsPerSecond: 50,
    failedRatio: 0.05,
    p95Seconds: 0.0075,
    busyRatio: 0.5,
    queue: 3,
  });
});

test('without requests there is nothing to divide by', (t) => {
  const sample = sampleBetween(reading({ workers: 0 }), reading({ at: 2000, workers: 0 }));
  t.deepEqual(
    [sample.requestsPerSecond, sample.failedRatio, sample.p95Seconds, sample.busyRatio],
    [0, 0, 0, 0],
  );
});

test('ten minutes are kept', (t) => {
  const history = new History();
  for (let at = 0; at <= 1000; at++) history.add(reading({ at: at * 2000 }));
  t.is(history.list().length, 300);
  t.is(history.list().at(-1)?.at, 2_000_000);
});

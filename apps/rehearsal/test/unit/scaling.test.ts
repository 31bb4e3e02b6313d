import test from 'ava';
import { Autoscaler } from '../../src/scaling/autoscaler.ts';
import { compareScaling } from '../../src/scaling/compare.ts';
import { rateAt } from '../../src/scaling/loads.ts';

test('by busy time and queue time the waits stay short, where the processor sees nothing to do', (t) => {
  const load = {
    name: 'rise',
    seconds: 900,
    points: [
      [0, 20],
      [600, 90],
      [900, 90],
    ],
  } as const;
  const results = Object.fromEntries(compareScaling(1, [load]).map((one) => [one.signal, one]));
  t.true(results['busy+queue']!.p95 <= 0.05, String(results['busy+queue']!.p95));
  t.true(results['busy+queue']!.mostReplicas > 3);
  t.true(results['cpu']!.p95 > 1);
  t.is(results['cpu']!.mostReplicas, 2);
});

/** One measure, whose target is 1. */
const decide = (scaler: Autoscaler, now: number, replicas: number, value: number): number =>
  scaler.decide(now, replicas, [{ value, target: 1 }]);

test('copies are doubled at most in half a minute', (t) => {
  const scaler = new Autoscaler(2, 50);
  t.is(decide(scaler, 15, 4, 10), 8);
  t.is(decide(scaler, 30, 8, 10), 8);
  t.is(decide(scaler, 60, 8, 10), 16);
});

test('copies are taken away after five minutes, a quarter at a time', (t) => {
  const scaler = new Autoscaler(2, 50);
  t.is(decide(scaler, 0, 8, 1), 8);
  t.is(decide(scaler, 290, 8, 0.1), 8);
  t.is(decide(scaler, 310, 8, 0.1), 6);
  t.is(decide(scaler, 320, 6, 0.1), 6);
});

test('the largest wish counts, and no limit is passed', (t) => {
  const scaler = new Autoscaler(2, 5);
  const measures = [
    { value: 0.1, target: 1 },
    { value: 3, target: 1 },
  ];
  t.is(scaler.decide(15, 4, measures), 5);
});

test('between two points a rate changes evenly', (t) => {
  const load = {
    name: 'x',
    seconds: 100,
    points: [
      [0, 10],
      [50, 20],
      [100, 20],
    ],
  } as const;
  t.deepEqual(
    [0, 25, 50, 99, 100].map((second) => rateAt(load, second)),
    [10, 15, 20, 20, 20],
  );
});

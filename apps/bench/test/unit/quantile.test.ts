import test from 'ava';
import { median, quantile } from '../../src/quantile.ts';

test('the median of an odd number of values is the one in the middle', (t) => {
  t.is(median([9, 1, 10]), 9);
});

test('the median of an even number of values is the mean of the two in the middle', (t) => {
  t.is(median([4, 1, 100, 2]), 3);
});

test('99 of 100 values are below the 99th percentile, and the order of the values does not matter', (t) => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  t.is(quantile(values, 0.99), 99);
  t.is(quantile(values, 1), 100);
  t.is(quantile(values, 0), 0);
});

test('between two values lies what is between them', (t) => {
  t.is(quantile([10, 20], 0.25), 12.5);
});

test('the quantile of one value is that value', (t) => {
  t.is(quantile([7], 0.999), 7);
});

test('no values have no median', (t) => {
  t.throws(() => median([]));
});

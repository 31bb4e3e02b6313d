import test from 'ava';
import { lowerQuartile, median } from '../../src/quantile.ts';

test('the median of an odd number of values is the one in the middle', (t) => {
  t.is(median([9, 1, 10]), 9);
});

test('the median of an even number of values is the mean of the two in the middle', (t) => {
  t.is(median([4, 1, 100, 2]), 3);
});

test('a quarter of the values are below the lower quartile', (t) => {
  t.is(lowerQuartile([5, 4, 3, 2, 1]), 2);
  t.is(lowerQuartile([10, 20, 30]), 15);
  t.is(lowerQuartile([7]), 7);
});

test('no values have no median', (t) => {
  t.throws(() => median([]));
});

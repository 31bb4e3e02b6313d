import test from 'ava';
import { median } from '../../src/median.ts';

test('the median of an odd number of values is the one in the middle', (t) => {
  t.is(median([9, 1, 10]), 9);
});

test('the median of an even number of values is the mean of the two in the middle', (t) => {
  t.is(median([4, 1, 100, 2]), 3);
});

test('no values have no median', (t) => {
  t.throws(() => median([]));
});

import test from 'ava';
import { cutBatches } from '../../src/suite.ts';

test('files are cut into batches of about the same weight, and none is lost', (t) => {
  const weights: Record<string, number> = { a: 9, b: 5, c: 4, d: 1 };
  t.deepEqual(
    cutBatches(Object.keys(weights), 2, (file) => weights[file] ?? 0),
    [
      ['a', 'd'],
      ['b', 'c'],
    ],
  );
});

test('there are no batches without files', (t) => {
  t.deepEqual(
    cutBatches(['a'], 3, () => 1),
    [['a']],
  );
});

import test from 'ava';
import { dealFiles } from '../../src/suite.ts';

test('files are dealt to lanes of about the same weight, and none is lost', (t) => {
  const weights: Record<string, number> = { a: 9, b: 5, c: 4, d: 1 };
  t.deepEqual(
    dealFiles(Object.keys(weights), 2, (file) => weights[file] ?? 0),
    [
      ['a', 'd'],
      ['b', 'c'],
    ],
  );
});

import test from 'ava';
import { countCpus } from '../../src/cpus.ts';

test('This machine has at least one core', (t) => {
  t.true(Number.isInteger(countCpus()) && countCpus() >= 1);
});

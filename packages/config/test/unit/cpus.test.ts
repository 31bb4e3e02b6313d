import test from 'ava';
import { coresAllowed, countCpus } from '../../src/cpus.ts';

const cases: [title: string, available: number, quota: number | undefined, cores: number][] = [
  ['Without a quota, all cores count', 8, undefined, 8],
  ['A quota of two and a half cores gives two', 8, 2.5, 2],
  ['A quota below one core gives one', 8, 0.5, 1],
  ['A quota above the cores gives the cores', 2, 8, 2],
];

for (const [title, available, quota, cores] of cases) {
  test(title, (t) => {
    t.is(coresAllowed(available, quota), cores);
  });
}

test('This machine has at least one core', (t) => {
  t.true(Number.isInteger(countCpus()) && countCpus() >= 1);
});

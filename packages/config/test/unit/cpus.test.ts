import test from 'ava';
import { coresAllowed, countCpus, cpuMaxPaths } from '../../src/cpus.ts';

const cases: [title: string, limits: Parameters<typeof coresAllowed>[0], cores: number][] = [
  ['Without a quota, all cores count', { available: 8, cpuMax: ['max 100000\n'] }, 8],
  ['A quota of two cores gives two', { available: 8, cpuMax: ['200000 100000\n'] }, 2],
  ['A quota of two and a half cores gives two', { available: 8, cpuMax: ['250000 100000\n'] }, 2],
  ['A quota below one core gives one', { available: 8, cpuMax: ['50000 100000\n'] }, 1],
  ['The tightest quota of the parents counts', { available: 8, cpuMax: ['max 100000', '300000 100000'] }, 3],
  ['A quota above the cores gives the cores', { available: 2, cpuMax: ['800000 100000'] }, 2],
  [
    'A quota of cgroup version 1 counts',
    { available: 8, cpuMax: [], cfs: { quota: '400000\n', period: '100000\n' } },
    4,
  ],
  [
    'A quota of -1 in version 1 is none',
    { available: 8, cpuMax: [], cfs: { quota: '-1\n', period: '100000\n' } },
    8,
  ],
  ['An empty file is no quota', { available: 3, cpuMax: [''] }, 3],
];

for (const [title, limits, cores] of cases) {
  test(title, (t) => {
    t.is(coresAllowed(limits), cores);
  });
}

test('The quota is looked for in the own cgroup and in all above it', (t) => {
  t.deepEqual(cpuMaxPaths('12:cpu:/x\n0::/system.slice/app.service\n'), [
    '/sys/fs/cgroup/system.slice/app.service/cpu.max',
    '/sys/fs/cgroup/system.slice/cpu.max',
    '/sys/fs/cgroup/cpu.max',
  ]);
  t.deepEqual(cpuMaxPaths('12:cpu:/x\n'), []);
});

test('This machine has at least one core', (t) => {
  t.true(Number.isInteger(countCpus()) && countCpus() >= 1);
});

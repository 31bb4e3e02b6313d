import test from 'ava';
import { coresAllowed } from '../../src/cores.ts';

const QUOTA = (quota: string): Readonly<Record<string, string>> => ({
  '/proc/self/mountinfo': '30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  '/proc/self/cgroup': '0::/\n',
  '/sys/fs/cgroup/cpu.max': `${quota} 100000\n`,
});

const cases: [title: string, allowed: string, online: string, quota: string, cores: number][] = [
  ['Without a quota, all cores count', '0-7', '0-7', 'max', 8],
  ['A quota is taken as it is, and not rounded', '0-7', '0-7', '250000', 2.5],
  ['A quota below one core is less than one', '0-7', '0-7', '50000', 0.5],
  ['A quota above the cores gives the cores', '0-1', '0-7', '800000', 2],
  ['What the affinity mask leaves counts', '1,4-5', '0-7', 'max', 3],
  ['Processors that are not there do not count', '0-127', '0-1', 'max', 2],
];

for (const [title, allowed, online, quota, cores] of cases) {
  test(title, (t) => {
    const files: Readonly<Record<string, string>> = {
      ...QUOTA(quota),
      '/proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${allowed}\nMems_allowed:\t1\n`,
      '/sys/devices/system/cpu/online': `${online}\n`,
    };
    t.is(
      coresAllowed((path) => files[path]),
      cores,
    );
  });
}

test('Where the kernel has no such lists Node.js is asked', (t) => {
  t.true(coresAllowed(() => undefined) >= 1);
});

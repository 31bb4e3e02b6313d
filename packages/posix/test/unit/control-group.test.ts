import test from 'ava';
import { groupFolders, groupLimits, groupMemory, throttledSeconds } from '../../src/index.ts';

const GIB = 2 ** 30;
const V2 = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';
const V1 = [
  '31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
  '32 30 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
].join('\n');

/** Files by path, as `/proc` and `/sys` would have them. */
const tree =
  (files: Readonly<Record<string, string>>) =>
  (path: string): string | undefined =>
    files[path];

const cases: readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  expected: { cores?: [number, string]; memory?: [number, string] },
][] = [
  ['without control groups there is no limit', {}, {}],
  [
    'version 2, in a container with a namespace: the group is the root of what it sees',
    {
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': V2,
      '/sys/fs/cgroup/cpu.max': '50000 100000\n',
      '/sys/fs/cgroup/memory.max': `${GIB}\n`,
    },
    { cores: [0.5, '/sys/fs/cgroup/cpu.max'], memory: [GIB, '/sys/fs/cgroup/memory.max'] },
  ],
  [
    'version 2, a unit of systemd: what binds the slice binds it too',
    {
      '/proc/self/cgroup': '0::/web.slice/shop.service\n',
      '/proc/self/mountinfo': V2,
      '/sys/fs/cgroup/web.slice/shop.service/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/web.slice/shop.service/memory.max': 'max\n',
      '/sys/fs/cgroup/web.slice/cpu.max': '250000 100000\n',
      '/sys/fs/cgroup/web.slice/memory.max': `${2 * GIB}\n`,
    },
    {
      cores: [2.5, '/sys/fs/cgroup/web.slice/cpu.max'],
      memory: [2 * GIB, '/sys/fs/cgroup/web.slice/memory.max'],
    },
  ],
  [
    'version 1, in a container without a namespace: the group is named as on the host, and shown as the root',
    {
      '/proc/self/cgroup': '4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/docker/abc\n',
      '/proc/self/mountinfo': V1.replaceAll(' / /sys', ' /docker/abc /sys'),
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '400000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${GIB}\n`,
    },
    {
      cores: [4, '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us'],
      memory: [GIB, '/sys/fs/cgroup/memory/memory.limit_in_bytes'],
    },
  ],
  [
    'version 1, a group below another one, on a machine that mounts version 2 beside it',
    {
      '/proc/self/cgroup': '4:memory:/jobs/7\n3:cpu,cpuacct:/\n0::/\n',
      '/proc/self/mountinfo': `${V1}\n33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`,
      '/sys/fs/cgroup/memory/jobs/7/memory.limit_in_bytes': `${2 * GIB}\n`,
      '/sys/fs/cgroup/memory/jobs/memory.limit_in_bytes': `${GIB}\n`,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    },
    { memory: [GIB, '/sys/fs/cgroup/memory/jobs/memory.limit_in_bytes'] },
  ],
  [
    'a group outside of the namespace cannot be seen: what is mounted counts',
    {
      '/proc/self/cgroup': '0::/../other\n',
      '/proc/self/mountinfo': V2,
      '/sys/fs/cgroup/memory.max': `${GIB}\n`,
    },
    { memory: [GIB, '/sys/fs/cgroup/memory.max'] },
  ],
  [
    'empty files, and nonsense, are no limit',
    {
      '/proc/self/cgroup': '0::/\nnonsense\n',
      '/proc/self/mountinfo': `${V2}nonsense\n`,
      '/sys/fs/cgroup/cpu.max': '\n',
      '/sys/fs/cgroup/memory.max': '0\n',
    },
    {},
  ],
];

for (const [title, files, { cores, memory }] of cases) {
  test(title, (t) => {
    const pair = (one: { value: number; file: string } | undefined): unknown => one && [one.value, one.file];
    const limits = groupLimits(tree(files));
    t.deepEqual([pair(limits.cores), pair(limits.memory)], [cores, memory]);
  });
}

test('the folders go from the own group up to what is mounted, also where its path has blanks', (t) => {
  const read = tree({
    '/proc/self/cgroup': '0::/a b/c\n',
    '/proc/self/mountinfo': String.raw`30 23 0:26 / /sys/fs/my\040groups rw - cgroup2 cgroup2 rw`,
  });
  t.deepEqual(
    groupFolders('memory', read).map(({ folder }) => folder),
    ['/sys/fs/my groups/a b/c', '/sys/fs/my groups/a b', '/sys/fs/my groups'],
  );
});

test('what a quota throttles is counted in the group that has it', (t) => {
  const files = {
    '/proc/self/cgroup': '0::/web.slice/shop.service\n',
    '/proc/self/mountinfo': V2,
    '/sys/fs/cgroup/web.slice/shop.service/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/web.slice/shop.service/cpu.stat': 'usage_usec 9\nthrottled_usec 7000000\n',
    '/sys/fs/cgroup/web.slice/cpu.max': '250000 100000\n',
    '/sys/fs/cgroup/web.slice/cpu.stat': 'usage_usec 9\nthrottled_usec 1500000\n',
  };
  t.is(throttledSeconds(tree(files)), 1.5);
  const older = {
    '/proc/self/cgroup': '4:cpu,cpuacct:/\n',
    '/proc/self/mountinfo': V1,
    '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000\n',
    '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    '/sys/fs/cgroup/cpu,cpuacct/cpu.stat': 'nr_periods 4\nnr_throttled 2\nthrottled_time 250000000\n',
  };
  t.is(throttledSeconds(tree(older)), 0.25);
  t.is(throttledSeconds(tree({})), undefined);
});

test('what the group with the tightest limit has taken is read beside that limit', (t) => {
  const files = {
    '/proc/self/cgroup': '0::/web.slice/shop.service\n',
    '/proc/self/mountinfo': V2,
    '/sys/fs/cgroup/web.slice/shop.service/memory.max': 'max\n',
    '/sys/fs/cgroup/web.slice/memory.max': `${GIB}\n`,
    '/sys/fs/cgroup/web.slice/memory.current': '4096\n',
  };
  t.deepEqual(groupMemory(tree(files)), { current: 4096, limit: GIB });
  t.is(groupMemory(tree({})), undefined);
});

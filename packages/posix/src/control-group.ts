import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Reads a file of `/proc` or `/sys` as text; `undefined` where it is not there, or may not be read. */
export type ReadKernelFile = (path: string) => string | undefined;

/** A limit, and the file of the kernel that says it. */
export interface GroupLimit {
  readonly value: number;
  readonly file: string;
}

/** What control groups (cgroups), of version 1 or 2, leave this process. `undefined` is no limit. */
export interface GroupLimits {
  /** Processor time, in cores: 0.5 is half of one. */
  readonly cores: GroupLimit | undefined;
  /** Memory of all processes of the group, in bytes. */
  readonly memory: GroupLimit | undefined;
}

type Controller = 'cpu' | 'memory';

/** A folder with the files of a control group. */
export interface GroupFolder {
  readonly version: 1 | 2;
  readonly folder: string;
}

interface Mount {
  readonly version: 1 | 2;
  /** The group that is shown at `point`: in a container mostly its own. */
  readonly root: string;
  readonly point: string;
  readonly options: readonly string[];
}

/** The kernel's word for no limit in version 1: the largest number of pages, in bytes. */
const UNLIMITED_FROM = 2 ** 60;

export const readKernelFile: ReadKernelFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The tightest limits of this process's own groups and of those above them, as far as they can be seen. */
export function groupLimits(read: ReadKernelFile = readKernelFile): GroupLimits {
  return {
    cores: tightest(
      groupFolders('cpu', read).map(({ version, folder }) =>
        version === 2 ? quotaOfVersion2(folder, read) : quotaOfVersion1(folder, read),
      ),
    ),
    memory: tightest(
      groupFolders('memory', read).map(({ version, folder }) => {
        const file = join(folder, version === 2 ? 'memory.max' : 'memory.limit_in_bytes');
        const value = Number(read(file)?.trim() || Number.NaN);
        return { value: value < UNLIMITED_FROM ? value : Number.NaN, file };
      }),
    ),
  };
}

/** For how long quotas have kept the processes of the innermost group with one from running; `undefined` where nobody says. */
export function throttledSeconds(read: ReadKernelFile = readKernelFile): number | undefined {
  for (const { version, folder } of groupFolders('cpu', read)) {
    const text = read(join(folder, 'cpu.stat')) ?? '';
    const [, units] =
      (version === 2 ? /^throttled_usec (\d+)$/m : /^throttled_time (\d+)$/m).exec(text) ?? [];
    const quota = version === 2 ? quotaOfVersion2(folder, read) : quotaOfVersion1(folder, read);
    if (units !== undefined && quota.value > 0) return Number(units) / (version === 2 ? 1e6 : 1e9);
  }
  return undefined;
}

/** What the processes of the group with the tightest limit of memory have of it, in bytes; `undefined` without a limit. */
export function groupMemory(
  read: ReadKernelFile = readKernelFile,
): { readonly current: number; readonly limit: number } | undefined {
  const { memory } = groupLimits(read);
  if (memory === undefined) return undefined;
  const version2 = memory.file.endsWith('memory.max');
  const text = read(join(dirname(memory.file), version2 ? 'memory.current' : 'memory.usage_in_bytes'));
  return text === undefined ? undefined : { current: Number(text.trim()), limit: memory.value };
}

/** The folders of the groups that bind this process, the innermost first. */
export function groupFolders(
  controller: Controller,
  read: ReadKernelFile = readKernelFile,
): readonly GroupFolder[] {
  const mounts = mountsIn(read('/proc/self/mountinfo') ?? '');
  return (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, number, controllers = '', group = '/'] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    const version = number === '0' && controllers === '' ? 2 : 1;
    if (number === undefined || (version === 1 && !controllers.split(',').includes(controller))) return [];
    const mount = mounts.find(
      (one) => one.version === version && (version === 2 || one.options.includes(controller)),
    );
    return mount === undefined ? [] : upwards(mount, group).map((folder) => ({ version, folder }));
  });
}

function upwards({ root, point }: Mount, group: string): string[] {
  const below = posix.relative(root, group);
  // Without a namespace of its own a container is told its group as the host knows it, and shown that group alone.
  const isShown = !below.startsWith('..') && !group.startsWith('/..');
  const folders: string[] = [];
  for (let folder = isShown ? join(point, below) : point; folder.length > point.length;) {
    folders.push(folder);
    folder = dirname(folder);
  }
  return [...folders, point];
}

/** See proc_pid_mountinfo(5). */
function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', behind = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = before.split(' ');
    const [kind, , options = ''] = behind.split(' ');
    if (kind !== 'cgroup' && kind !== 'cgroup2') return [];
    const version = kind === 'cgroup2' ? 2 : 1;
    return { version, root: unescape(root), point: unescape(point), options: options.split(',') };
  });
}

/** A blank is `\040` there. */
function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}

function quotaOfVersion2(folder: string, read: ReadKernelFile): GroupLimit {
  const file = join(folder, 'cpu.max');
  const [quota = '', period = '100000'] = (read(file) ?? '').trim().split(/\s+/);
  return { value: Number(quota || Number.NaN) / Number(period), file };
}

function quotaOfVersion1(folder: string, read: ReadKernelFile): GroupLimit {
  const file = join(folder, 'cpu.cfs_quota_us');
  const period = Number(read(join(folder, 'cpu.cfs_period_us')) ?? Number.NaN);
  return { value: Number(read(file) ?? Number.NaN) / period, file };
}

/** `max` (version 2) and `-1` (version 1) mean that there is no limit. */
function tightest(limits: readonly GroupLimit[]): GroupLimit | undefined {
  return limits
    .filter(({ value }) => Number.isFinite(value) && value > 0)
    .reduce<GroupLimit | undefined>(
      (least, one) => (least === undefined || one.value < least.value ? one : least),
      undefined,
    );
}

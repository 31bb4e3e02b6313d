import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** What limits the processor time of this process: the texts of the kernel's files, where they exist. */
export interface CpuLimits {
  /** Cores that the affinity mask leaves. */
  readonly available: number;
  /** `cpu.max` of the process's own cgroup (version 2) and of those above it. */
  readonly cpuMax: readonly string[];
  /** `cpu.cfs_quota_us` and `cpu.cfs_period_us` of cgroup version 1. */
  readonly cfs?: { readonly quota: string; readonly period: string };
}

/** Whole cores that these limits allow, at least 1. A quota of 2.5 cores gives 2. */
export function coresAllowed(limits: CpuLimits): number {
  const quotas = limits.cpuMax.map((line) => {
    const [quota = '', period = '100000'] = line.trim().split(/\s+/);
    return cores(quota, period);
  });
  if (limits.cfs !== undefined) quotas.push(cores(limits.cfs.quota, limits.cfs.period));
  return Math.max(1, Math.floor(Math.min(limits.available, ...quotas)));
}

function cores(quota: string, period: string): number {
  const share = Number(quota) / Number(period);
  // `max` (version 2) and `-1` (version 1) mean that there is no quota.
  return Number.isFinite(share) && share > 0 ? share : Number.POSITIVE_INFINITY;
}

/** The `cpu.max` files that bind a process, from the text of `/proc/self/cgroup`: its own and its parents'. */
export function cpuMaxPaths(procSelfCgroup: string): string[] {
  const line = procSelfCgroup.split('\n').find((entry) => entry.startsWith('0::'));
  if (line === undefined) return [];
  const paths: string[] = [];
  for (let folder = line.slice('0::'.length); ; folder = dirname(folder)) {
    paths.push(join('/sys/fs/cgroup', folder, 'cpu.max'));
    if (folder === '/' || folder === '.') return paths;
  }
}

/** Cores that the cgroup allows this process, at least 1. Reads a few files of `/proc` and `/sys`. */
export function countCpus(): number {
  const quota = read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const period = read('/sys/fs/cgroup/cpu/cpu.cfs_period_us');
  return coresAllowed({
    available: availableParallelism(),
    cpuMax: cpuMaxPaths(read('/proc/self/cgroup') ?? '').flatMap((path) => read(path) ?? []),
    ...(quota !== undefined && period !== undefined ? { cfs: { quota, period } } : {}),
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

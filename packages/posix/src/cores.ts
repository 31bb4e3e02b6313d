import { availableParallelism } from 'node:os';
import { groupLimits, readKernelFile, type ReadKernelFile } from './control-group.ts';

/**
 * Processor time that this process may have, in cores: those that its affinity mask leaves, which a cpuset narrows, or
 * less where a control group has a quota. `os.availableParallelism()` rounds such a quota, so that it is asked only where
 * the kernel has no lists.
 */
export function coresAllowed(read: ReadKernelFile = readKernelFile): number {
  const [, list = ''] = /^Cpus_allowed_list:\s*(.*)$/m.exec(read('/proc/self/status') ?? '') ?? [];
  // The mask may name processors that are not there.
  const online = processorsIn(read('/sys/devices/system/cpu/online') ?? '');
  const cores = [...processorsIn(list)].filter((one) => online.has(one)).length;
  const quota = groupLimits(read).cores?.value ?? Number.POSITIVE_INFINITY;
  return Math.min(cores === 0 ? availableParallelism() : cores, quota);
}

/** Of a list like `0-3,8`. */
function processorsIn(list: string): ReadonlySet<number> {
  const ranges = [...list.matchAll(/(\d+)(?:-(\d+))?/g)];
  return new Set(
    ranges.flatMap(([, first = '0', last = first]) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at),
    ),
  );
}

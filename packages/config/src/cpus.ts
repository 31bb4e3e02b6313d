import { availableParallelism } from 'node:os';
import { groupLimits } from '@gunicorn-ts/posix';

/**
 * Whole cores that one may use, at least 1. A quota of 2.5 cores gives 2.
 * @param available cores that the affinity mask leaves, which a cpuset narrows
 * @param quota processor time that the control groups leave, in cores
 */
export function coresAllowed(available: number, quota: number | undefined): number {
  return Math.max(1, Math.floor(Math.min(available, quota ?? Number.POSITIVE_INFINITY)));
}

/** Cores that the control groups allow this process, at least 1. Reads a few files of `/proc` and `/sys`. */
export function countCpus(): number {
  return coresAllowed(availableParallelism(), groupLimits().cores?.value);
}

import { coresAllowed } from '@gunicorn-ts/posix';

/** Whole cores that this process may use, at least 1: a quota of 2.5 cores gives 2. Reads a few files of `/proc` and `/sys`. */
export function countCpus(): number {
  return Math.max(1, Math.floor(coresAllowed()));
}

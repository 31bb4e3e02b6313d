import { readFileSync } from 'node:fs';

/** The cores this process may use, from the kernel's list: `0-3,8`. */
export function parseCores(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

const allowed = parseCores(
  /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0',
);
const [first = 0, second = first] = allowed;

/** Runs a command on the core that is the load's. */
export const ON_LOAD_CORE: readonly string[] = ['taskset', '-c', String(first)];
/** Runs a command on one core that the load does not use, where there are two. */
export const ON_SERVER_CORE: readonly string[] = ['taskset', '-c', String(second)];

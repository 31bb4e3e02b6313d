import fs from 'node:fs';

/** What the kernel says of a process in `/proc/PID/stat`, see proc(5). */
export interface ProcessStat {
  /** A letter: `Z` for one that has ended and that nobody has waited for. */
  readonly state: string;
  readonly parent: number;
  /** Number of the controlling terminal, 0 without one. */
  readonly terminal: number;
  /** Processor time since its start. */
  readonly cpuSeconds: number;
  /** Resident memory, shared pages included. */
  readonly residentBytes: number;
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
/** Fields behind the name, counted from the state. */
const FIELD = { state: 0, parent: 1, terminal: 4, utime: 11, stime: 12, rss: 21 };

/** `undefined` where there is no `/proc`, or no such process. */
export function processStat(pid: number | 'self'): ProcessStat | undefined {
  let text: string;
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name is in parentheses, and may hold any character.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (field: keyof typeof FIELD): number => Number(fields[FIELD[field]]);
  return {
    state: fields[FIELD.state] ?? '',
    parent: number('parent'),
    terminal: number('terminal'),
    cpuSeconds: (number('utime') + number('stime')) / TICKS_PER_SECOND,
    residentBytes: number('rss') * PAGE_BYTES,
  };
}

import fs from 'node:fs';

/** What the kernel says of a process. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  /** Resident memory in bytes, shared pages included. */
  readonly residentBytes: number;
  readonly openFiles: number | undefined;
}

/** `sysconf(_SC_CLK_TCK)`: 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of `/proc/PID/stat` behind the name, counted from the state. */
const UTIME = 11;
const STIME = 12;
const RSS = 21;
const PAGE_BYTES = 4096;

/** `undefined` where there is no `/proc`, or no such process. */
export function processFigures(pid: number, withFiles = false): ProcessFigures | undefined {
  const fields = readStat(`/proc/${pid}/stat`);
  if (fields === undefined) return undefined;
  return {
    cpuSeconds: (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND,
    residentBytes: Number(fields[RSS]) * PAGE_BYTES,
    openFiles: withFiles ? countFiles(pid) : undefined,
  };
}

function readStat(path: string): readonly string[] | undefined {
  try {
    const text = fs.readFileSync(path, 'latin1');
    // The name is in parentheses, and may hold any character.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function countFiles(pid: number): number | undefined {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

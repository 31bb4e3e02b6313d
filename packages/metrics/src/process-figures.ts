import fs from 'node:fs';
import { processStat } from '@gunicorn-ts/posix';

/** What the kernel says of a process. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  /** Resident memory in bytes, shared pages included. */
  readonly residentBytes: number;
  readonly openFiles: number | undefined;
}

/** `undefined` where there is no `/proc`, or no such process. */
export function processFigures(pid: number, withFiles = false): ProcessFigures | undefined {
  const stat = processStat(pid);
  if (stat === undefined) return undefined;
  return {
    cpuSeconds: stat.cpuSeconds,
    residentBytes: stat.residentBytes,
    openFiles: withFiles ? countFiles(pid) : undefined,
  };
}

function countFiles(pid: number): number | undefined {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

import fs from 'node:fs';
import { processStat } from '@gunicorn-ts/posix';

/** What the kernel says of a process. */
export interface ProcessFigures {
  readonly pid: number;
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
    pid,
    cpuSeconds: stat.cpuSeconds,
    residentBytes: stat.residentBytes,
    openFiles: withFiles ? countFiles(pid) : undefined,
  };
}

/** Of those among these that descend from this process: a worker may say any number. */
export function figuresOfDescendants(pids: readonly number[]): readonly ProcessFigures[] {
  return pids.flatMap((pid) => (isDescendant(pid) ? (processFigures(pid) ?? []) : []));
}

function countFiles(pid: number): number | undefined {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

/** Whether a process descends from this one, within a few steps. */
export function isDescendant(pid: number, steps = 4): boolean {
  for (let at = pid; steps > 0; steps--) {
    const parent = processStat(at)?.parent ?? 0;
    if (parent === process.pid) return true;
    if (parent <= 1) return false;
    at = parent;
  }
  return false;
}

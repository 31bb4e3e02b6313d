import { readdirSync, readFileSync } from 'node:fs';

/** Processes are known by a variable that they inherit: an upgrade and a daemon leave every tree of processes. */
export const MARK = 'GUNICORN_VERIFY';

/** Process ids of everything that was started with the mark and is no zombie. */
export function markedProcesses(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => read(`/proc/${name}/environ`).split('\0').includes(`${MARK}=${mark}`))
    .map(Number);
}

/** How many files a process has open; `undefined` when it is gone. */
export function openFiles(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It is gone, or another user's.
    return '';
  }
}

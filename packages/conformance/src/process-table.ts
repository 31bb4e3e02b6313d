import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Names the environment variable that every process of one test's server inherits. */
export const MARK = 'GUNICORN_TEST_MARK';

/** The processes that carry the mark in their environment, also after they were orphaned or daemonised. */
export function markedProcesses(mark: string): number[] {
  const entry = `${MARK}=${mark}`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => readProc(pid, 'environ').split('\0').includes(entry))
    .filter(isRunning);
}

/** Direct children, zombies left out. */
export function childrenOf(pid: number): number[] {
  return readProc(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number).filter(isRunning);
}

/** The process beside an arbiter that those of Python applications are forked from. */
export function isPythonMaster(pid: number): boolean {
  return readProc(pid, 'cmdline').includes('gunicorn_master.py');
}

/** True while the process exists and is no zombie. */
export function isRunning(pid: number): boolean {
  // The command in field 2 may hold spaces and brackets; the state is the first field after the last ")".
  const stat = readProc(pid, 'stat');
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  return state !== '' && state !== 'Z' && state !== 'X';
}

/** What the descriptors of a process lead to: paths, `socket:[…]`, `anon_inode:…`. */
export function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      // It was closed in between.
      return [];
    }
  });
}

/** Waits until none of the processes runs; they need not be children of this one. */
export async function processesGone(pids: readonly number[], timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const alive = pids.filter(isRunning);
    if (alive.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`Still running after ${timeoutMs} ms: ${alive.join(', ')}`);
    // The kernel tells nobody but the parent about an exit, so this has to look.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { rmSync } from 'node:fs';
import { processTree } from './process-tree.ts';

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/** Starts a program that does not outlive this one. */
export function startChild(command: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Removes a folder when the bench ends, should nobody have done it before. */
export function removeAtEnd(folder: string): void {
  folders.add(folder);
}

/** Ends at once everything that was started, and what that has started, by process id. */
export function endEverything(): void {
  for (const child of running) {
    if (child.pid !== undefined) killAll(processTree(child.pid));
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

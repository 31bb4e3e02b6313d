import { setTimeout as rest } from 'node:timers/promises';
import { type Operated, servingWorkers } from '../copy/command.ts';

/** Longest time until a process that is gone has its successor. */
export const SUCCESSOR_MS = 30_000;

/** Waits until others serve in place of this process; false when that does not come about. */
export async function isReplaced(
  server: Operated,
  { pid, count, limitMs }: { readonly pid: number; readonly count: number; readonly limitMs: number },
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const now = await servingWorkers(server);
    if (now.length >= count && now.every((worker) => worker.pid !== pid)) return true;
    await rest(50);
  }
  return false;
}

/** Waits until a process that was killed is gone, which takes a while where processors are short; false when it stays. */
export async function isGone(pid: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await rest(5);
  }
  return false;
}

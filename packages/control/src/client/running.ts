import { processStat } from '@gunicorn-ts/posix';

/** Whether there is a process that has not ended. One that nobody has waited for has ended, and can still be sent signals. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processStat(pid)?.state !== 'Z';
}

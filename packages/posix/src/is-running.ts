import { processStat } from './process-stat.ts';

/**
 * Whether there is a process that has not ended. One that nobody has waited for has ended, and can still be sent signals:
 * in a container whose process 1 waits for nobody it stays for ever.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return processStat(pid)?.state !== 'Z';
}

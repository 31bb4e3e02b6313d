import { writeSync } from 'node:fs';
import type { Autopsy } from '@gunicorn-ts/interface';

/** Writes an autopsy to the pipe for the last words, in one line. */
export function writeAutopsy(fd: number, found: Omit<Autopsy, 'version'>): void {
  try {
    writeSync(fd, `${JSON.stringify({ version: 1, ...found } satisfies Autopsy)}\n`);
  } catch {
    // The arbiter is gone: nobody is left to read it.
  }
}

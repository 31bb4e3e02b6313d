import { fstatSync, readSync } from 'node:fs';
import type { ApplicationProcess } from '@gunicorn-ts/interface';

/** How long the process gets to write, and how often is looked, in milliseconds. It writes in the signal handler. */
const LIMIT_MS = 500;
const LOOK_EVERY_MS = 25;

/** The innermost frames come first; more would not fit into the pipe that an autopsy is written to. */
const MAX_BYTES = 16 * 1024;

/**
 * Asks the process behind an application where its threads stand, and waits for the answer: nothing else is to be done
 * meanwhile. `undefined` when it does not say.
 */
export function readProcessStacks({ pid, stacksFd, tidyStacks }: ApplicationProcess): string | undefined {
  if (pid === undefined || stacksFd === undefined) return undefined;
  try {
    const start = fstatSync(stacksFd).size;
    process.kill(pid, 'SIGUSR2');
    const end = settledSize(stacksFd, start);
    const bytes = Buffer.alloc(Math.min(end - start, MAX_BYTES));
    const length = readSync(stacksFd, bytes, 0, bytes.length, start);
    if (length === 0) return undefined;
    const stacks = bytes.toString('utf8', 0, length).trimEnd();
    return tidyStacks?.(stacks) ?? stacks;
  } catch {
    // It is gone, or was never there.
    return undefined;
  }
}

/** The size of the file once it has grown and grows no more. */
function settledSize(fd: number, start: number): number {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  let size = start;
  for (let passedMs = 0; passedMs < LIMIT_MS; passedMs += LOOK_EVERY_MS) {
    Atomics.wait(nobody, 0, 0, LOOK_EVERY_MS);
    const now = fstatSync(fd).size;
    if (now === size && now > start) break;
    size = now;
  }
  return size;
}

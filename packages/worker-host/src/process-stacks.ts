import { fstatSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WatchedProcess } from './watchdog.ts';

/** How long the process gets to write, and how often is looked, in milliseconds. It writes in the signal handler. */
const LIMIT_MS = 500;
const LOOK_EVERY_MS = 25;

/** The innermost frames come first; more would not fit into the pipe that an autopsy is written to. */
const MAX_BYTES = 16 * 1024;

/** Asks the process behind an application where its threads stand. `undefined` when it does not say. */
export async function readProcessStacks({ pid, stacksFd }: WatchedProcess): Promise<string | undefined> {
  try {
    const start = fstatSync(stacksFd).size;
    process.kill(pid, 'SIGUSR2');
    const end = await settledSize(stacksFd, start);
    const bytes = Buffer.alloc(Math.min(end - start, MAX_BYTES));
    const length = readSync(stacksFd, bytes, 0, bytes.length, start);
    return length === 0 ? undefined : bytes.toString('utf8', 0, length).trimEnd();
  } catch {
    // It is gone, or was never there.
    return undefined;
  }
}

/** The size of the file once it has grown and grows no more. */
async function settledSize(fd: number, start: number): Promise<number> {
  let size = start;
  for (let passedMs = 0; passedMs < LIMIT_MS; passedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
    const now = fstatSync(fd).size;
    if (now === size && now > start) break;
    size = now;
  }
  return size;
}

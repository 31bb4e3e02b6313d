import { constants, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openNamedFile, temporaryPlaces } from '@gunicorn-ts/posix';

const PURPOSE = 'the stacks of Python';

/** How long the process gets to write, and how often is looked, in milliseconds. It writes in the signal handler. */
const LIMIT_MS = 500;
const LOOK_EVERY_MS = 25;

/** How long a thread or a greenlet of the process gets to write what its tasks or greenlets wait for, in milliseconds. */
const TASKS_MS = 300;

/** The innermost frames come first. */
const MAX_BYTES = 16 * 1024;

/** A file that the Python process writes its stacks to, and opens by its path. Nobody else can, and the path is to be hidden once it has. */
export interface NamedStacksFile {
  readonly fd: number;
  readonly path: string;
  /** The master made it, and takes its name away. */
  readonly isMasters?: boolean;
}

/** The file of a process that the master has forked ahead for this worker; `undefined` when it has not. */
export function openMastersStacksFile(master: string, age: number): NamedStacksFile | undefined {
  const path = join(dirname(master), `stacks-${age}`);
  try {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW;
    return { fd: openSync(path, flags), path, isMasters: true };
  } catch {
    return undefined;
  }
}

export function openNamedStacksFile(): NamedStacksFile {
  return openNamedFile(PURPOSE, temporaryPlaces('small'));
}

/** Takes its name away, so that it goes with its descriptors however the processes end. */
export function hide({ path, isMasters }: NamedStacksFile): void {
  if (isMasters !== true) unlinkSync(path);
}

/** The thread by which we speak to the process, where it stands whenever nobody asks. */
const LISTENER =
  /^Thread .*\n(?: *File ".*gunicorn_ts\/(?:lane|control)\.py", .*\n)* *File ".*gunicorn_ts\/control\.py", line \d+ in listen\b/;

/** What says nothing of the application only stands in front of what does. Pure. */
export function withoutListener(stacks: string): string {
  const threads = stacks.split(/\n\n(?=Thread |Current thread )/);
  const others = threads.filter((text) => !LISTENER.test(text));
  return others.length === 0 ? stacks : others.join('\n\n');
}

/**
 * Asks a process where its threads stand. `undefined` when it does not say.
 * @param askForTasks asks it for more than its threads, which it gets a while to write before them
 */
export async function readStacks(
  pid: number,
  fd: number,
  askForTasks?: () => void,
): Promise<string | undefined> {
  try {
    // Before the question: a process that is quick has answered when the question is sent.
    const start = fstatSync(fd).size;
    if (askForTasks !== undefined) {
      askForTasks();
      await sleep(TASKS_MS);
    }
    const asked = fstatSync(fd).size;
    process.kill(pid, 'SIGUSR2');
    let end = asked;
    for (let passedMs = 0; passedMs < LIMIT_MS; passedMs += LOOK_EVERY_MS) {
      await sleep(LOOK_EVERY_MS);
      const now = fstatSync(fd).size;
      if (now === end && now > asked) break;
      end = now;
    }
    const bytes = Buffer.alloc(Math.min(end - start, MAX_BYTES));
    const length = readSync(fd, bytes, 0, bytes.length, start);
    return length === 0 ? undefined : withoutListener(bytes.toString('utf8', 0, length).trimEnd());
  } catch {
    // It is gone.
    return undefined;
  }
}

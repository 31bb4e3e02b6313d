import { fstatSync, readSync } from 'node:fs';
import type { MemberProcess } from './application-processes.ts';

/** How long a process gets to write, and how often is looked, in milliseconds. It writes in the signal handler. */
const LIMIT_MS = 500;
const LOOK_EVERY_MS = 25;

/** The innermost frames come first; more would not fit into the pipe that an autopsy is written to. */
const MAX_BYTES = 16 * 1024;
/** And no more lines than are shown, so that the last of several processes has its share. */
const MAX_LINES = 80;
/** The heading of a process, and the line in front of it. */
const LINES_AROUND = 2;

/** A process that was asked. */
interface Asked {
  readonly member: MemberProcess;
  readonly fd: number;
  readonly start: number;
  size: number;
  hasAnswered: boolean;
}

/**
 * Asks the processes behind an application where their threads stand, and waits for the answers: nothing else is to be
 * done meanwhile. `undefined` when none says it.
 */
export function readProcessStacks(members: readonly MemberProcess[]): string | undefined {
  const asked = members.flatMap(ask);
  awaitAnswers(asked);
  const share = (of: number): number => Math.floor(of / Math.max(1, asked.length));
  const parts = asked.flatMap((each) => {
    const stacks = answerOf(each, share(MAX_BYTES));
    if (stacks === undefined) return [];
    if (members.length === 1) return stacks;
    const lines = stacks.split('\n').slice(0, Math.max(1, share(MAX_LINES) - LINES_AROUND));
    return [`Process ${each.member.pid ?? 0}:`, ...lines].join('\n');
  });
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

function ask(member: MemberProcess): readonly Asked[] {
  const { pid, stacksFd } = member;
  if (pid === undefined || stacksFd === undefined) return [];
  try {
    const start = fstatSync(stacksFd).size;
    process.kill(pid, 'SIGUSR2');
    return [{ member, fd: stacksFd, start, size: start, hasAnswered: false }];
  } catch {
    // It is gone, or was never there.
    return [];
  }
}

/** Until the file of each has grown and grows no more. */
function awaitAnswers(asked: readonly Asked[]): void {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (let passedMs = 0; passedMs < LIMIT_MS; passedMs += LOOK_EVERY_MS) {
    const open = asked.filter(({ hasAnswered }) => !hasAnswered);
    if (open.length === 0) return;
    Atomics.wait(nobody, 0, 0, LOOK_EVERY_MS);
    for (const each of open) {
      const now = fstatSync(each.fd).size;
      each.hasAnswered = now === each.size && now > each.start;
      each.size = now;
    }
  }
}

function answerOf({ member, fd, start, size }: Asked, most: number): string | undefined {
  const bytes = Buffer.alloc(Math.min(size - start, most));
  const length = readSync(fd, bytes, 0, bytes.length, start);
  if (length === 0) return undefined;
  const stacks = bytes.toString('utf8', 0, length).trimEnd();
  return member.tidyStacks?.(stacks) ?? stacks;
}

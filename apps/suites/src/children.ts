import { type ChildProcess, spawn } from 'node:child_process';

const running = new Set<ChildProcess>();

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** After so many milliseconds the program and what it has started are ended. */
  readonly within: number;
}

export interface ChildResult {
  /** `undefined` when it was ended. */
  readonly code: number | undefined;
  /** What it wrote last. */
  readonly output: string;
}

const KEPT_CHARACTERS = 4000;

/** Runs a program to its end. It leads a process group, so that whatever it starts ends with it. */
export async function runChild(
  [program = '', ...args]: readonly string[],
  { cwd, env, within }: ChildOptions,
): Promise<ChildResult> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  let output = '';
  const keep = (text: Buffer): void => {
    output = (output + text.toString()).slice(-KEPT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const deadline = setTimeout(() => endGroup(child), within);
  try {
    const code = await new Promise<number | undefined>((resolve, reject) => {
      child.once('error', reject);
      // Not `close`: what a suite leaves running holds its pipes open.
      child.once('exit', (status) => resolve(status ?? undefined));
    });
    return { code, output };
  } finally {
    clearTimeout(deadline);
    endGroup(child);
    running.delete(child);
  }
}

/** Ends at once everything that was started. */
export function endEverything(): void {
  for (const child of running) endGroup(child);
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

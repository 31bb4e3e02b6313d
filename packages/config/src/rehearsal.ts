import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configFileDoesNotEnd, ConfigFileError } from './errors.ts';
import { shortPath } from './problem-text.ts';

/** What the program says of a configuration file that it has loaded. */
export type RehearsalAnswer =
  | { readonly loads: true; readonly stamps: Readonly<Record<string, string>> }
  | { readonly loads: false; readonly message: string };

/** Loads a configuration file to see that it does load. Rejects with what is wrong. */
export type Rehearse = (path: string, env: NodeJS.ProcessEnv) => Promise<void>;

const PROGRAM = fileURLToPath(new URL('rehearsal-program.js', import.meta.url));
/** More is no configuration; the process of the server could not hold it either. */
const MOST_MEMORY_MB = 512;
const LONGEST_OUTPUT = 64 * 1024;
/** Files that somebody is still writing settle soon. */
const MOST_TRIES = 3;
/** Node's exit code for a top-level await that nothing is left to settle. */
const UNSETTLED = 13;
/** First to be ended when memory is short, and by the kernel when its parent could not end it. */
const SHELL = '{ echo 1000 > /proc/self/oom_score_adj; } 2>&-; ulimit -t "$1"; shift; exec "$@"';

/**
 * Loads the file in a process of its own, within a time limit: one that never ends, that ends its process, or that
 * takes all memory, must not do that to a server that serves. What it prints is shown when it does not load; where it does,
 * the server loads it next and prints that itself.
 */
export async function rehearse(
  path: string,
  { env, limitS, signal }: { env: NodeJS.ProcessEnv; limitS: number; signal: AbortSignal },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { stamps } = await new Rehearsal(path, env, limitS).run(signal);
    const now = stampsOf(Object.keys(stamps));
    if (Object.entries(stamps).every(([file, stamp]) => now[file] === stamp)) return;
    if (tries === MOST_TRIES) throw new ConfigFileError(`${shortPath(path)} changes while it is read`);
  }
}

export function stampsOf(files: Iterable<string>): Record<string, string> {
  const stamps = [...files].map((file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return [file, `${stat?.ino}:${stat?.size}:${stat?.mtimeMs}`] as const;
  });
  return Object.fromEntries(stamps);
}

class Rehearsal {
  readonly #path: string;
  readonly #limitS: number;
  readonly #child: ChildProcess;
  #answer: RehearsalAnswer | undefined;
  #output = '';

  constructor(path: string, env: NodeJS.ProcessEnv, limitS: number) {
    this.#path = path;
    this.#limitS = limitS;
    const node = [process.execPath, `--max-old-space-size=${MOST_MEMORY_MB}`, ...process.execArgv];
    this.#child = spawn(
      '/bin/sh',
      ['-c', SHELL, 'sh', String(Math.ceil(limitS) + 5), ...node, PROGRAM, path],
      {
        env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#child.on('message', (answer) => {
      this.#answer = answer as RehearsalAnswer;
      // Timers and connections of the file would keep it.
      this.#child.kill('SIGKILL');
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(0, LONGEST_OUTPUT);
      });
    }
  }

  async run(signal: AbortSignal): Promise<Extract<RehearsalAnswer, { loads: true }>> {
    let isLate = false;
    const kill = (): unknown => this.#child.kill('SIGKILL');
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, this.#limitS * 1000);
    signal.addEventListener('abort', kill);
    if (signal.aborted) kill();
    try {
      const end = await this.#ended();
      if (this.#answer?.loads === true) return this.#answer;
      process.stderr.write(this.#output);
      if (this.#answer?.loads === false) throw new ConfigFileError(this.#answer.message);
      const why = signal.aborted
        ? 'was given up, since another load, or the end of the server, was asked for'
        : isLate
          ? `did not end within ${this.#limitS} s: it holds an endless loop, or waits for something that does not come`
          : end;
      throw configFileDoesNotEnd(shortPath(this.#path), why);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
    }
  }

  #ended(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => resolve(describeEnd(code, signal)));
    });
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === UNSETTLED) return 'waits at its top level for a promise that nothing settles';
  if (signal !== null) return `ended its process by ${signal}; did it take more than ${MOST_MEMORY_MB} MB?`;
  return `ended its process with code ${code}; process.exit has no place there, throw an error instead`;
}

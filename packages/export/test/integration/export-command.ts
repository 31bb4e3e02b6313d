import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { COMMAND, Folder, Output } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';

/** What a program did that has ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project with an application, which is gone after the test. */
export function project(t: ExecutionContext<any>, files: Readonly<Record<string, string>> = {}): Folder {
  const folder = new Folder({
    'app.ts': `export default (_request, response) => response.end('hello');\n`,
    ...files,
  });
  t.teardown(() => folder.remove());
  return folder;
}

/** Runs `gunicorn export` in a folder, as somebody would type it there. */
export function exportIn(
  folder: Folder,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const node = process.env['GUNICORN_TEST_NODE'] ?? process.execPath;
  return run(node, [COMMAND, 'export', ...words], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
}

/** Runs a program to its end, while other tests go on. */
export function run(
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, { ...options, timeout: 60_000 }, (error, stdout, stderr) => {
      if (typeof error?.code === 'string') reject(error);
      else resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** The version that a program prints, or `undefined` when it is not installed. */
export function installed(program: string, flag: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, [flag], { encoding: 'utf8' });
  return error === undefined ? stdout + stderr : undefined;
}

/** A program that runs until the test is over. */
export interface Running {
  readonly pid: number;
  readonly output: Output;
  readonly ended: Promise<unknown>;
}

/** Starts a program; `t.teardown` sends it `signal`, waits for its end, and prints what it said when the test failed. */
export function start(
  t: ExecutionContext<any>,
  words: readonly [program: string, ...rest: string[]],
  options: { readonly signal?: NodeJS.Signals; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const [program, ...rest] = words;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
  });
  const output = new Output();
  output.collect(child.stdout);
  output.collect(child.stderr);
  const ended = once(child, 'exit');
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill(options.signal ?? 'SIGTERM');
    await ended;
    if (!t.passed) t.log(output.text());
  });
  return { pid: child.pid ?? 0, output, ended };
}

import { spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { PARENT_VARIABLE } from '@gunicorn-ts/arbiter';
import { EXIT_CODE } from '@gunicorn-ts/interface';
import { daemonNotStarted } from './errors.ts';

/** Set in the process that goes to the background, so that it does not start another one. */
const DAEMON_VARIABLE = 'GUNICORN_DAEMON';

type StartReport = { readonly daemon: 'started' } | { readonly daemon: 'failed'; readonly reason: string };

/**
 * Starts the server once more without a terminal and leaves. Node cannot fork, so it is a new process in a
 * session of its own; unlike Gunicorn this one waits until that process serves, so that `&&` in a script
 * means something.
 * @param command What starts this process again: the program and all of its words.
 * @param stdio `keep`: its output goes where this one's goes, unless that is a terminal.
 * @throws OperatorError with the exit code of the background process, when it ends before it serves.
 */
export function daemonize(
  [program, ...words]: readonly [string, ...string[]],
  stdio: 'keep' | 'close',
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number> {
  const output = (fd: number): number | 'ignore' => (stdio === 'keep' && !isatty(fd) ? fd : 'ignore');
  const child = spawn(program, words, {
    cwd,
    env: { ...env, PWD: cwd, [DAEMON_VARIABLE]: '1' },
    detached: true,
    stdio: ['ignore', output(1), output(2), 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let reason: string | undefined;
    child.on('message', (report: StartReport) => {
      if (report.daemon === 'started') resolve(EXIT_CODE.ok);
      else ({ reason } = report);
    });
    child.on('error', (error) => reject(daemonNotStarted(error.message, EXIT_CODE.failure)));
    child.on('exit', (code, signal) => {
      const end = signal === null ? `exited with code ${code}` : `was sent ${signal}`;
      reject(daemonNotStarted(reason ?? `the server ${end}`, code === 0 ? null : code));
    });
  });
}

/**
 * True in the process that `daemonize` started, and in the second arbiter of an upgrade: it stays where it is.
 * Takes the mark out of the environment, which an application might start a server of its own with.
 */
export function isInBackground(env: NodeJS.ProcessEnv): boolean {
  const marked = env[DAEMON_VARIABLE] === '1';
  delete env[DAEMON_VARIABLE];
  return marked || env[PARENT_VARIABLE] !== undefined;
}

/** In the background process: tells whoever waits at the terminal that it serves, or why it does not. */
export function reportToTerminal(reason?: string): void {
  if (process.env[DAEMON_VARIABLE] !== '1' || !process.connected) return;
  const report: StartReport = reason === undefined ? { daemon: 'started' } : { daemon: 'failed', reason };
  process.send?.(report, () => process.disconnect());
}

import { spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { PARENT_VARIABLE } from '@gunicorn-ts/arbiter';
import { EXIT_CODE, type Settings } from '@gunicorn-ts/interface';
import { daemonNotStarted } from './errors.ts';

/** Set in the process that goes to the background, so that it does not start another one. */
const DAEMON_VARIABLE = 'GUNICORN_DAEMON';

/** How the settings of the process in the background came to be: whether somebody has read that they ask for it. */
const CERTAIN = '1';
const GUESSED = 'guessed';

/** `unwanted`: its settings do not ask for the background. */
type StartReport =
  | { readonly daemon: 'started' | 'unwanted' }
  | { readonly daemon: 'failed'; readonly reason: string };

/**
 * Starts the server once more without a terminal and leaves. Node cannot fork, so it is a new process in a
 * session of its own; unlike Gunicorn this one waits until that process serves, so that `&&` in a script
 * means something.
 * @param command What starts this process again: the program and all of its words.
 * @param stdio `keep`: its output goes where this one's goes, unless that is a terminal.
 * @param isCertain whether its settings are known to ask for it; else it may say that they do not
 * @throws OperatorError with the exit code of the background process, when it ends before it serves.
 */
export function daemonize(
  [program, ...words]: readonly [string, ...string[]],
  stdio: 'keep' | 'close',
  {
    cwd,
    env,
    isCertain,
  }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly isCertain: boolean },
): Promise<number | 'unwanted'> {
  const output = (fd: number): number | 'ignore' => (stdio === 'keep' && !isatty(fd) ? fd : 'ignore');
  const child = spawn(program, words, {
    cwd,
    env: { ...env, PWD: cwd, [DAEMON_VARIABLE]: isCertain ? CERTAIN : GUESSED },
    detached: true,
    stdio: ['ignore', output(1), output(2), 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let reason: string | undefined;
    child.on('message', (report: StartReport) => {
      if (report.daemon === 'failed') ({ reason } = report);
      else resolve(report.daemon === 'started' ? EXIT_CODE.ok : 'unwanted');
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
  const marked = isMarked(env);
  delete env[DAEMON_VARIABLE];
  return marked || env[PARENT_VARIABLE] !== undefined;
}

/** In the background process: tells whoever waits at the terminal that it serves, or why it does not. */
export function reportToTerminal(reason?: string): void {
  tell(reason === undefined ? { daemon: 'started' } : { daemon: 'failed', reason });
}

/** Whether this process was started on a guess, which its settings do not bear out. Whoever waits goes on itself. */
export function isUnwanted({ daemon }: Pick<Settings, 'daemon'>): boolean {
  if (process.env[DAEMON_VARIABLE] !== GUESSED || daemon) return false;
  tell({ daemon: 'unwanted' });
  return true;
}

function isMarked(env: NodeJS.ProcessEnv): boolean {
  return env[DAEMON_VARIABLE] === CERTAIN || env[DAEMON_VARIABLE] === GUESSED;
}

function tell(report: StartReport): void {
  if (isMarked(process.env) && process.connected) process.send?.(report, () => process.disconnect());
}

import { spawn } from 'node:child_process';
import { EXIT_CODE } from '@gunicorn-ts/interface';
import type { Io } from './main.ts';

/** Set in the process that goes to the background, so that it does not start another one. */
const DAEMON_VARIABLE = 'GUNICORN_DAEMON';

interface StartReport {
  readonly daemon: 'started' | 'failed';
  readonly reason?: string;
}

/**
 * Starts the server once more without a terminal and leaves. Node cannot fork, so it is a new process in a
 * session of its own; unlike Gunicorn this one waits until that process serves, so that `&&` in a script
 * means something.
 */
export function daemonize(options: {
  argv: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  io: Io;
}): Promise<number> {
  const { argv, cwd, env, io } = options;
  const child = spawn(process.execPath, [...process.execArgv, ...argv], {
    cwd,
    env: { ...env, [DAEMON_VARIABLE]: '1' },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    let report: StartReport | undefined;
    child.on('message', (message: StartReport) => {
      report = message;
      if (message.daemon === 'started') resolve(EXIT_CODE.ok);
    });
    child.on('error', (error) => {
      io.stderr.write(`\nError: daemon: the background process could not be started: ${error.message}\n`);
      resolve(EXIT_CODE.failure);
    });
    child.on('exit', (code, signal) => {
      const end = signal === null ? `exited with code ${code}` : `was sent ${signal}`;
      const hint = `daemon: the server ${end} before it served; see the error log, or start it without --daemon`;
      io.stderr.write(`\n${report?.reason ?? `Error: ${hint}`}\n`);
      resolve(code === null || code === 0 ? EXIT_CODE.failure : code);
    });
  });
}

/** True in the process that `daemonize` started, and in the second arbiter of an upgrade: it stays where it is. */
export function isDaemonChild(env: NodeJS.ProcessEnv): boolean {
  return env[DAEMON_VARIABLE] === '1';
}

/** In the background process: tells whoever waits at the terminal that it serves, or why it does not. */
export function reportToTerminal(reason?: string): void {
  if (process.env[DAEMON_VARIABLE] !== '1' || !process.connected) return;
  const report: StartReport = reason === undefined ? { daemon: 'started' } : { daemon: 'failed', reason };
  process.send?.(report, () => process.disconnect());
}

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { launchFolderGone } from './errors.ts';
import { HAND_OVER_VARIABLE, type Origin, PARENT_VARIABLE } from './inherited-listeners.ts';

const FIRST_FD = 3;

export interface SecondArbiterOptions {
  /** The program and all of its words. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly listeners: readonly { bind: string; origin: Origin; name?: string; fd: number }[];
  onStarted(pid: number): void;
  onEnded(reason: string): void;
}

/**
 * Starts this program once more, with our listeners. A new process and not `process.execve`: that keeps
 * only descriptors 0 to 2, and there would be no way back when the new code does not start.
 */
export function startSecondArbiter(options: SecondArbiterOptions): void {
  const { command, cwd, env, listeners, onStarted, onEnded } = options;
  if (!fs.existsSync(cwd)) throw launchFolderGone(cwd);
  const handOver = listeners.map((listener, index) => ({ ...listener, fd: FIRST_FD + index }));
  const [program, ...words] = command;
  const child = spawn(program, words, {
    cwd,
    // The folder as it is named: it may be a link that leads to another one at the next reload.
    env: {
      ...env,
      PWD: cwd,
      [HAND_OVER_VARIABLE]: JSON.stringify(handOver),
      [PARENT_VARIABLE]: String(process.pid),
    },
    stdio: ['ignore', 'inherit', 'inherit', ...listeners.map((listener) => listener.fd)],
  });
  child.unref();
  child.on('spawn', () => onStarted(child.pid ?? 0));
  child.on('error', (error) => onEnded(error.message));
  child.on('exit', (code, signal) =>
    onEnded(
      signal === null
        ? `the second arbiter exited with code ${code}`
        : `the second arbiter was sent ${signal}`,
    ),
  );
}

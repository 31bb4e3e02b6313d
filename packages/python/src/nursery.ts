import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { PreloadContext, Preloaded } from '@gunicorn-ts/interface';
import { makePrivateFolder, temporaryPlaces } from '@gunicorn-ts/posix';
import { ControlLane } from './control-lane.ts';
import { interpreterNotFound } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import { loadError } from './load-error.ts';
import {
  CONTROL_FD,
  describeEnd,
  OPTIONS_VARIABLE,
  PROGRAM,
  type ProgramOptions,
  PYTHON_FLAGS,
} from './python-process.ts';

/**
 * Starts the process that imports the application once, and that the processes of workers are forked from. It ends
 * with the arbiter.
 * @throws {OperatorError} when the application does not load
 */
export async function startNursery(
  interpreter: Interpreter,
  options: ProgramOptions,
  context: PreloadContext,
): Promise<Preloaded> {
  const { identity, settings, log } = context;
  const places = temporaryPlaces('small', settings.workerTmpDir, context.env);
  const folder = makePrivateFolder('the socket of the preloaded application', places, identity);
  const address = join(folder, 'socket');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A stop while the application is being loaded ends this process without another word.
  process.once('exit', remove);
  const child = start(interpreter, { ...options, nursery: address }, context);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(describeEnd(code, signal)));
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(interpreterNotFound(interpreter, error)));
  });
  // Seen below; afterwards there is no such failure.
  failed.catch(() => undefined);
  const control = child.stdio[CONTROL_FD] as Socket | null;
  const lane = new ControlLane(control, { log, onFiles: () => undefined });
  const limit =
    settings.bootTimeout > 0
      ? setTimeout(() => child.kill('SIGKILL'), settings.bootTimeout * 1000)
      : undefined;
  try {
    const word = await Promise.race([lane.firstWord, failed]);
    if (word.kind !== 'ready') throw loadError(word, interpreter, await ended);
    log.info(`The application is preloaded in Python ${word.python} (pid: ${word.pid})`);
    const close = (): void => {
      process.off('exit', remove);
      control?.destroy();
      remove();
    };
    return { address, files: word.files, close };
  } catch (error) {
    process.off('exit', remove);
    remove();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

function start(interpreter: Interpreter, options: ProgramOptions, context: PreloadContext): ChildProcess {
  const { identity, cwd, env } = context;
  return spawn(interpreter.command, [...PYTHON_FLAGS, PROGRAM], {
    cwd,
    env: { ...env, [OPTIONS_VARIABLE]: JSON.stringify({ ...options, control: CONTROL_FD }) },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    ...(identity === undefined ? {} : { uid: identity.uid, gid: identity.gid }),
  });
}

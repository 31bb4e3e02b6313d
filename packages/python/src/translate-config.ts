import { execFile, type ExecFileException } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TranslatePythonConfig, Translation } from '@gunicorn-ts/config';
import { interpreterNotFound, PythonFailure } from './errors.ts';
import { findInterpreter } from './interpreter.ts';

/** To read a file takes no time. */
const LIMIT_MS = 60_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

interface Ended {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only reads the file. One that Python cannot parse has failed to run before. */
export const translatePythonConfig: TranslatePythonConfig = async (path, place) => {
  const interpreter = findInterpreter(place);
  const script = fileURLToPath(new URL('../child/translate_conf.py', import.meta.url));
  const options = { cwd: place.cwd, env: place.env, timeout: LIMIT_MS, maxBuffer: MAX_ANSWER_BYTES };
  const { error, stdout, stderr } = await new Promise<Ended>((done) => {
    execFile(interpreter.command, [script, path], options, (error, stdout, stderr) =>
      done({ error, stdout, stderr }),
    );
  });
  if (typeof error?.code === 'string') throw interpreterNotFound(interpreter, error);
  if (error !== null) throw new PythonFailure(stderr.trimEnd().split('\n').at(-1) ?? error.message, '');
  return JSON.parse(stdout) as Translation;
};

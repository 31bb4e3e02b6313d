import { execFile, type ExecFileException } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PythonNames, ReadPythonConfig, TranslatePythonConfig, Translation } from '@gunicorn-ts/config';
import { interpreterNotFound, interpreterTooOld, PythonFailure } from './errors.ts';
import { findInterpreter, type Interpreter } from './interpreter.ts';

/** A configuration file computes; one that hangs, or asks a network that does not answer, is given up. */
const LIMIT_MS = 60_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

interface Answer extends PythonNames {
  readonly version: number;
  readonly error?: string;
  readonly traceback?: string;
}

interface Ended {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the file by the interpreter that the application will run in. What it prints goes to stderr. */
export const readPythonConfig: ReadPythonConfig = async (path, place) => {
  const interpreter = findInterpreter(place);
  const script = fileURLToPath(new URL('../child/read_conf.py', import.meta.url));
  const ended = await run(interpreter, [script, path], place);
  if (ended.stderr !== '') process.stderr.write(ended.stderr);
  const answer = parse(ended.stdout);
  if (answer === undefined) throw startFailure(interpreter, ended);
  if (answer.error !== undefined) throw new PythonFailure(answer.error, answer.traceback ?? '');
  return answer;
};

/** Only reads the file. One that Python cannot parse has failed to run before. */
export const translatePythonConfig: TranslatePythonConfig = async (path, place) => {
  const interpreter = findInterpreter(place);
  const script = fileURLToPath(new URL('../child/translate_conf.py', import.meta.url));
  const ended = await run(interpreter, [script, path], place);
  if (ended.error !== null) throw startFailure(interpreter, ended);
  return JSON.parse(ended.stdout) as Translation;
};

function run(
  { command }: Interpreter,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((done) => {
    const options = { cwd, env, timeout: LIMIT_MS, maxBuffer: MAX_ANSWER_BYTES };
    execFile(command, args, options, (error, stdout, stderr) => done({ error, stdout, stderr }));
  });
}

function parse(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

function startFailure(interpreter: Interpreter, { error, stderr }: Ended): Error {
  if (typeof error?.code === 'string') return interpreterNotFound(interpreter, error);
  if (error?.killed === true) return new PythonFailure(`it did not end within ${LIMIT_MS / 1000} s`, '');
  // Our program is the first thing it runs: a version that is too old fails at its syntax.
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return /SyntaxError|ImportError|ModuleNotFoundError/.test(last)
    ? interpreterTooOld(interpreter, last)
    : new PythonFailure(last === '' ? `the interpreter ended without an answer` : last, '');
}

import type { PythonNames, ReadPythonConfig } from '@gunicorn-ts/config';
import { type ConfigProcess, type LogLevel, OperatorError } from '@gunicorn-ts/interface';
import { PythonFailure } from './errors.ts';
import { checkVersion, findInterpreter } from './interpreter.ts';
import { CallFailed, MasterProcess } from './master-process.ts';
import { takeSpare } from './spare-master.ts';

/** A configuration file computes; one that hangs, or asks a network that does not answer, is given up. */
const LIMIT_MS = 60_000;

/** A master that has run a configuration file, and waits for what comes of it. */
export class ConfigMaster implements ConfigProcess {
  readonly process: MasterProcess;
  /** The file, or `python:MODULE`. */
  readonly path: string;
  /** Whether the file put a handler or a filter where the server's entries go. */
  readonly takesEntries: boolean;

  constructor(process: MasterProcess, path: string, takesEntries: boolean) {
    this.process = process;
    this.path = path;
    this.takesEntries = takesEntries;
  }

  async hasModule(name: string): Promise<boolean> {
    return (await this.process.call('find', { name })) === true;
  }

  /** Nobody goes on with it. */
  close(): void {
    void this.process.finish();
  }
}

/** Runs the file in the process that the application is going to be forked from. What it prints goes to stderr. */
export const readPythonConfig: ReadPythonConfig = async (path, place) => {
  const interpreter = findInterpreter(place);
  const process = takeSpare(interpreter, place) ?? new MasterProcess(interpreter, place);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    process.kill('SIGKILL');
  }, LIMIT_MS);
  try {
    const { entries, ...names } = (await process.call('read', { path })) as PythonNames & {
      readonly entries: LogLevel | null;
    };
    return { ...names, process: new ConfigMaster(process, path, entries !== null) };
  } catch (error) {
    void process.finish();
    if (error instanceof CallFailed) throw new PythonFailure(error.failure.message, error.failure.traceback);
    if (isLate) throw new PythonFailure(`it did not end within ${LIMIT_MS / 1000} s`, '');
    // Our program is the first thing that it runs: a version that is too old fails at its syntax.
    if (OperatorError.is(error) && error.code !== 'ERR_PYTHON_NOT_FOUND') checkVersion(interpreter);
    throw error;
  } finally {
    clearTimeout(limit);
  }
};

import fs from 'node:fs';
import path from 'node:path';
import { alreadyRunning, pidfileNotWritable } from './errors.ts';

/** The file that names the arbiter's process id. */
export class Pidfile {
  #path: string;

  /**
   * Writes the file, under another name first so that nobody reads half of it.
   * @throws OperatorError when a running server owns it, or it cannot be written.
   */
  constructor(file: string) {
    this.#path = file;
    const owner = runningOwner(file);
    if (owner !== undefined && owner !== process.pid) throw alreadyRunning(owner, file);
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
    try {
      fs.writeFileSync(temporary, `${process.pid}\n`, { mode: 0o644, flag: 'w' });
      fs.renameSync(temporary, file);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw pidfileNotWritable(file, error as NodeJS.ErrnoException);
    }
  }

  get path(): string {
    return this.#path;
  }

  rename(file: string): void {
    fs.renameSync(this.#path, file);
    this.#path = file;
  }

  /** Removes the file unless another process has written it since. */
  remove(): void {
    if (readPid(this.#path) === process.pid) fs.rmSync(this.#path, { force: true });
  }
}

function runningOwner(file: string): number | undefined {
  const pid = readPid(file);
  return pid !== undefined && isRunning(pid) ? pid : undefined;
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** EPERM means that it runs and is somebody else's. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '@gunicorn-ts/interface';
import { type HeldFolder, inFolderOf, isRunning, randomName } from '@gunicorn-ts/posix';
import { alreadyRunning, pidfileNotWritable } from './errors.ts';
import { inOwnFolder } from './socket-file.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
/** More than any process id has digits. */
const LONGEST = 32;

/**
 * The file that names the arbiter's process id. Its folder may be somebody else's, who may put there what he likes
 * while it is written: each step holds the folder, and none follows a link or opens a file that was there.
 */
export class Pidfile {
  #path: string;
  /** Where it lies, whatever the links on the way lead to later. */
  #place: string;

  /**
   * Writes the file, under another name first so that nobody reads half of it.
   * @throws OperatorError when a running server owns it, or it cannot be written.
   */
  constructor(file: string) {
    this.#path = file;
    this.#place = make(file);
  }

  get path(): string {
    return this.#path;
  }

  /** Gives it another name in its folder. */
  rename(file: string): void {
    inFolderOf(this.#place, (folder, name) => fs.renameSync(folder.at(name), folder.at(basename(file))));
    this.#path = file;
    this.#place = join(dirname(this.#place), basename(file));
  }

  /**
   * A link on the way may lead to another folder by now: then the file is made there, where it is looked for.
   * @throws OperatorError as the constructor does
   */
  follow(): void {
    const before = this.#place;
    if (placeOf(this.#path) === before) return;
    this.#place = make(this.#path);
    removeOwn(before);
  }

  /** Removes the file unless another process has written it since. */
  remove(): void {
    removeOwn(this.#place);
  }
}

function make(file: string): string {
  try {
    inFolderOf(file, (folder, name) => {
      const owner = readPid(folder, name);
      if (owner !== undefined && owner !== process.pid && isRunning(owner)) throw alreadyRunning(owner, file);
      write(folder, name);
    });
    return placeOf(file);
  } catch (error) {
    if (OperatorError.is(error)) throw error;
    throw pidfileNotWritable(file, error as NodeJS.ErrnoException);
  }
}

/** The file with the links of its folder resolved; as it is named, when that is gone. */
function placeOf(file: string): string {
  try {
    return join(fs.realpathSync(dirname(file)), basename(file));
  } catch {
    return file;
  }
}

function removeOwn(file: string): void {
  inOwnFolder(file, (folder, name) => {
    if (readPid(folder, name) === process.pid) fs.rmSync(folder.at(name), { force: true });
  });
}

function write(folder: HeldFolder, name: string): void {
  const temporary = folder.at(`.${name}.${randomName()}`);
  const fd = fs.openSync(temporary, 'wx', 0o644);
  try {
    fs.writeSync(fd, `${process.pid}\n`);
    fs.renameSync(temporary, folder.at(name));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

function readPid(folder: HeldFolder, name: string): number | undefined {
  try {
    // Else a FIFO in its place would stop the start.
    const fd = fs.openSync(folder.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(LONGEST);
      const pid = Number(bytes.toString('latin1', 0, fs.readSync(fd, bytes)).trim());
      return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

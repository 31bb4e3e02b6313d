import { closeSync, constants, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { type GuardedFile, openGuarded } from '@gunicorn-ts/posix';
import { type LogSetting, logNotWritable } from './errors.ts';
import { fileStatus } from './file-status.ts';

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;

/** Without O_NONBLOCK, opening a FIFO that nobody reads would hang the start. */
const LOG_FILE_FLAGS: number = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY;

/** Less the umask: readable by all, written by its owner alone. */
const LOG_FILE_MODE = 0o644;

/**
 * Opens a file for appending, creating it as mode 0644 less the umask; root does not follow a link that another user
 * made. Throws `ERR_LOG_NOT_WRITABLE`.
 */
export function openLogFile(setting: LogSetting, path: string): GuardedFile {
  try {
    return openGuarded(path, LOG_FILE_FLAGS, LOG_FILE_MODE);
  } catch (cause) {
    throw logNotWritable(setting, path, cause);
  }
}

/**
 * A descriptor for stdout or stderr whose writes do not block, so that a reader that stopped cannot stop
 * the server. O_NONBLOCK belongs to the open file that all who inherited it share; opening it anew through
 * /proc keeps the change to ourselves. A socket (systemd's journal) and a pipe that another user made cannot
 * be opened anew: there the shared file is switched, which Node does whenever `process.stdout` is first used.
 */
function nonBlockingStandard(fd: 1 | 2): number {
  const stats = fileStatus(fd);
  // A redirection such as `> file` shares its offset with others: an open of its own would overwrite them.
  if (stats.isFile()) return fd;
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
  } catch {
    void (fd === 1 ? process.stdout : process.stderr).writable;
    return fd;
  }
}

/** The file behind a log: where it is, what is open now, and how to open it again by path. */
export class LogFile {
  readonly setting: LogSetting;
  /** Absolute, so that a later change of directory does not move it; `-` for the standard stream. */
  readonly path: string;
  #fd: number;
  #regular: boolean;

  /** Opens the file. Throws `ERR_LOG_NOT_WRITABLE`. */
  constructor(setting: LogSetting, path: string) {
    this.setting = setting;
    this.path = path === '-' ? '-' : resolve(path);
    this.#fd = this.#open();
    this.#regular = fileStatus(this.#fd).isFile();
  }

  get fd(): number {
    return this.#fd;
  }

  /** A regular file: a write waits for the disk instead of failing with EAGAIN. */
  get regular(): boolean {
    return this.#regular;
  }

  #open(): number {
    if (this.path !== '-') return openLogFile(this.setting, this.path).fd;
    return nonBlockingStandard(this.setting === 'accesslog' ? 1 : 2);
  }

  /**
   * Opens the path anew, after it was renamed. Returns the descriptor that was replaced, for the caller to
   * {@link release}; `undefined` for the standard streams, which stay. Throws `ERR_LOG_NOT_WRITABLE`, and then
   * the old file stays in use.
   */
  reopen(): number | undefined {
    if (this.path === '-') return undefined;
    const old = this.#fd;
    this.#fd = this.#open();
    this.#regular = fileStatus(this.#fd).isFile();
    return old;
  }

  /** Writes after this fail with an invalid descriptor: the number may soon belong to another file. */
  close(): void {
    LogFile.release(this.#fd);
    this.#fd = -1;
  }

  static release(fd: number | undefined): void {
    if (fd !== undefined && fd > 2) closeSync(fd);
  }
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { heartbeatFileError } from './errors.ts';

const IN_MEMORY = '/dev/shm';

/** Where heartbeat files go: memory, where there is one, since a slow disk would delay the workers. */
function heartbeatDirectory(workerTmpDir: string | undefined): string {
  if (workerTmpDir !== undefined) return workerTmpDir;
  return isWritable(IN_MEMORY) ? IN_MEMORY : os.tmpdir();
}

function isWritable(directory: string): boolean {
  try {
    fs.accessSync(directory, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where nothing was set, a full `/dev/shm` is no reason to run without workers. */
function openHeartbeatFile(workerTmpDir: string | undefined): number {
  const directory = heartbeatDirectory(workerTmpDir);
  try {
    return openUnlinked(directory);
  } catch (error) {
    if (workerTmpDir !== undefined || directory === os.tmpdir()) throw error;
    return openUnlinked(os.tmpdir());
  }
}

/** A file in a directory that may be anybody's: made in a directory of our own, which nobody else can enter. */
function openUnlinked(directory: string): number {
  try {
    const own = fs.mkdtempSync(path.join(directory, 'gunicorn-'));
    try {
      return fs.openSync(path.join(own, 'heartbeat'), 'wx+', 0o600);
    } finally {
      fs.rmSync(own, { recursive: true });
    }
  } catch (error) {
    throw heartbeatFileError(directory, error as NodeJS.ErrnoException);
  }
}

/**
 * The arbiter's end of one worker's heartbeat: an unlinked file whose mode the worker changes back and
 * forth. Works when every pipe is full, and needs no parsing.
 */
export class Heartbeat {
  readonly fd: number;
  #ctime: bigint;
  #movedAt: number;

  constructor(
    workerTmpDir: string | undefined,
    owner: { uid: number; gid: number } | undefined,
    now: number,
  ) {
    this.fd = openHeartbeatFile(workerTmpDir);
    // Only the owner of a file may change its mode, and the worker is about to give up its privileges.
    if (owner !== undefined) fs.fchownSync(this.fd, owner.uid, owner.gid);
    this.#ctime = this.#readCtime();
    this.#movedAt = now;
  }

  /**
   * When the worker last gave a sign, on the monotonic clock of `now`. The file's own time is wall-clock
   * time, so only *that* it changed is used: setting the clock must not kill workers.
   */
  lastMove(now: number): number {
    const ctime = this.#readCtime();
    if (ctime !== this.#ctime) {
      this.#ctime = ctime;
      this.#movedAt = now;
    }
    return this.#movedAt;
  }

  close(): void {
    fs.closeSync(this.fd);
  }

  #readCtime(): bigint {
    return fs.fstatSync(this.fd, { bigint: true }).ctimeNs;
  }
}

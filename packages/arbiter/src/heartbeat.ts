import fs from 'node:fs';
import { WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import { openScratchFile, openUnnamedFile, temporaryPlaces } from '@gunicorn-ts/posix';

const PURPOSE = 'the heartbeat of a worker';

/** In memory, since a slow disk would delay the workers; in `workerTmpDir` where one is set. */
function openHeartbeatFile(workerTmpDir: string | undefined): number {
  const places = temporaryPlaces('small', workerTmpDir);
  return workerTmpDir === undefined ? openScratchFile(PURPOSE, places) : openUnnamedFile(PURPOSE, places);
}

/**
 * Room for what the worker counts. Written and not only promised: to store where the file system then has no room would
 * kill the worker. Where there is none, nothing is counted.
 */
function growFile(fd: number): void {
  try {
    const written = fs.writeSync(fd, new Uint8Array(WORKER_MEMORY_BYTES), 0, WORKER_MEMORY_BYTES, 0);
    if (written === WORKER_MEMORY_BYTES) return;
  } catch {
    // ENOSPC, EDQUOT.
  }
  fs.ftruncateSync(fd, 0);
}

/**
 * The arbiter's end of one worker's heartbeat: an unlinked file whose mode the worker changes back and
 * forth. Works when every pipe is full, and needs no parsing. What is in it, the worker has for what it counts.
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
    growFile(this.fd);
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

  /** Read, and never mapped here: a worker that cuts the file short would kill the arbiter. */
  read(): Uint8Array {
    const bytes = new Uint8Array(WORKER_MEMORY_BYTES);
    const length = fs.readSync(this.fd, bytes, 0, bytes.length, 0);
    return bytes.subarray(0, length);
  }

  close(): void {
    fs.closeSync(this.fd);
  }

  #readCtime(): bigint {
    return fs.fstatSync(this.fd, { bigint: true }).ctimeNs;
  }
}

import fs from 'node:fs';
import { openScratchFile, openUnnamedFile, temporaryPlaces } from '@gunicorn-ts/posix';

const PURPOSE = 'the heartbeat of a worker';

/** In memory, since a slow disk would delay the workers; in `workerTmpDir` where one is set. */
function openHeartbeatFile(workerTmpDir: string | undefined): number {
  const places = temporaryPlaces('small', workerTmpDir);
  return workerTmpDir === undefined ? openScratchFile(PURPOSE, places) : openUnnamedFile(PURPOSE, places);
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

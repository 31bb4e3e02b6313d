import fs from 'node:fs';
import { WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import { openRoomyFile, openRoomyMemoryFile, openUnnamedFile, temporaryPlaces } from '@gunicorn-ts/posix';

const PURPOSE = 'the heartbeat of a worker';

/**
 * In `workerTmpDir` where one is set and has room; else in memory, since a slow disk would delay the workers, and where
 * the system cannot do that in the other places.
 * @returns also why it is not in `workerTmpDir`
 */
function openHeartbeatFile(workerTmpDir: string | undefined): {
  readonly fd: number;
  readonly passedOver?: string;
} {
  const places = temporaryPlaces('small', workerTmpDir);
  if (workerTmpDir === undefined) return { fd: openAnywhere(places) };
  try {
    return { fd: openRoomyFile(PURPOSE, WORKER_MEMORY_BYTES, places.slice(0, 1)) };
  } catch (error) {
    return { fd: openAnywhere(places.slice(1)), passedOver: (error as Error).message };
  }
}

function openAnywhere(places: Parameters<typeof openRoomyFile>[2]): number {
  const inMemory = openRoomyMemoryFile(PURPOSE, WORKER_MEMORY_BYTES);
  if (inMemory !== undefined) return inMemory;
  try {
    return openRoomyFile(PURPOSE, WORKER_MEMORY_BYTES, places);
  } catch {
    // All are full: a sign of life needs no room. Nothing is counted then.
    return openUnnamedFile(PURPOSE, places);
  }
}

/**
 * The arbiter's end of one worker's heartbeat: an unlinked file whose mode the worker changes back and
 * forth. Works when every pipe is full, and needs no parsing. What is in it, the worker has for what it counts.
 */
export class Heartbeat {
  readonly fd: number;
  /** Why it is not in the folder that was asked for. */
  readonly passedOver: string | undefined;
  #ctime: bigint;
  #movedAt: number;

  constructor(
    workerTmpDir: string | undefined,
    owner: { uid: number; gid: number } | undefined,
    now: number,
  ) {
    const { fd, passedOver } = openHeartbeatFile(workerTmpDir);
    this.fd = fd;
    this.passedOver = passedOver;
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

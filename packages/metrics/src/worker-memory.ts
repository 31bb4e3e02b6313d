import { fstatSync, writeSync } from 'node:fs';
import { WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import { mapShared } from '@gunicorn-ts/posix';
import { WorkerMeter } from './worker-meter.ts';

/** The memory that a worker shares with its arbiter. Lives in the worker process. */
export class WorkerMemory {
  readonly meter: WorkerMeter;
  /** Whether what is counted can be read at once, not only after {@link WorkerMemory.publish}. */
  readonly isMapped: boolean;
  readonly #bytes: Uint8Array;
  readonly #fd: number;
  readonly #hasRoom: boolean;

  /**
   * @param fd the heartbeat file
   * @param map makes memory of a file
   */
  constructor(fd: number, map: typeof mapShared = mapShared) {
    // To store behind the end of a file kills the process.
    this.#hasRoom = fstatSync(fd).size >= WORKER_MEMORY_BYTES;
    const mapped = this.#hasRoom ? map(fd, WORKER_MEMORY_BYTES) : undefined;
    const memory = mapped ?? new ArrayBuffer(WORKER_MEMORY_BYTES);
    this.isMapped = mapped !== undefined;
    this.#fd = fd;
    this.#bytes = new Uint8Array(memory);
    this.meter = new WorkerMeter(memory);
  }

  /** Writes the figures where they are not in the file already. */
  publish(): void {
    if (this.isMapped || !this.#hasRoom) return;
    try {
      writeSync(this.#fd, this.#bytes, 0, this.#bytes.length, 0);
    } catch {
      // A full disk: the figures stay old, and nobody waits for them.
    }
  }
}

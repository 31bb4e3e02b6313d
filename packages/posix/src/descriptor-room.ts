import { closeSync, openSync, readFileSync } from 'node:fs';

/** Descriptors that are left to the application, and to what the server itself opens now and then. */
const RESERVE = 16;

/**
 * How many files this process may have open; `Infinity` where the system does not tell. Linux.
 * @param limits text of `/proc/self/limits`, which is read by default
 */
export function openFileLimit(limits: string = readLimits()): number {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  const limit = Number(soft);
  return Number.isInteger(limit) && limit > 0 ? limit : Infinity;
}

/**
 * Says when a process is about to run out of descriptors, while there is still one for closing and saying so. The kernel
 * gives the lowest number that is free, so that a new one says how many are taken.
 */
export class DescriptorRoom {
  readonly #enough: number;

  constructor(limit: number = openFileLimit(), reserve: number = RESERVE) {
    this.#enough = limit - reserve;
  }

  /** Whether there are few left, by the number of a descriptor that was just opened. */
  isShort(fd: number): boolean {
    return fd >= this.#enough;
  }

  /** Whether there are few left now. */
  isShortNow(): boolean {
    if (this.#enough === Infinity) return false;
    try {
      const fd = openSync('/dev/null', 'r');
      closeSync(fd);
      return this.isShort(fd);
    } catch {
      return true;
    }
  }
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

import { readdirSync } from 'node:fs';
import { PosixError } from './errors.ts';
import { constants, systemCall } from './system-calls.ts';

const STANDARD_ERROR = 2;
/** Where neither `/proc` nor `/dev/fd` says which descriptors there are; a shell gives small numbers. */
const ASSUMED_LIMIT = 1024;

/**
 * Keeps from programs that this process starts what it has open itself, but for the standard streams and `except`:
 * Node.js does so only for the first few descriptors, and a shell may have left others.
 */
export function limitInheritance(except: ReadonlySet<number>): void {
  const { F_GETFD, F_SETFD, FD_CLOEXEC } = constants();
  for (const fd of openDescriptors()) {
    if (fd <= STANDARD_ERROR) continue;
    const subject = `file descriptor ${fd}`;
    try {
      const flags = systemCall('fcntl', subject, fd, F_GETFD, 'int', 0);
      const wanted = except.has(fd) ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
      if (wanted !== flags) systemCall('fcntl', subject, fd, F_SETFD, 'int', wanted);
    } catch (error) {
      // The one that listed the others is closed by now.
      if (!(error instanceof PosixError) || error.code !== 'EBADF') throw error;
    }
  }
}

function openDescriptors(): readonly number[] {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      return readdirSync(folder).map(Number);
    } catch {
      // The next one.
    }
  }
  return Array.from({ length: ASSUMED_LIMIT }, (_, fd) => fd);
}

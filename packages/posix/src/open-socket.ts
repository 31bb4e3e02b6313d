import { closeSync } from 'node:fs';
import { setCloseOnExec, setNonBlocking } from './descriptor.ts';
import { systemCall } from './system-calls.ts';

/** A new socket of a family and type, non-blocking and closed on exec. */
export function openSocket(family: number, type: number): number {
  // The flags are set by fcntl because macOS has no SOCK_CLOEXEC. Nothing can spawn in between: this is one turn.
  const fd = systemCall('socket', `of family ${family}`, family, type, 0);
  try {
    setCloseOnExec(fd);
    setNonBlocking(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

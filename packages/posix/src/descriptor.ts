import { constants, systemCall } from './system-calls.ts';

/**
 * A second file descriptor for what `fd` stands for, closed on exec.
 * @throws {PosixError} EBADF when `fd` is not open, EMFILE when there are too many
 */
export function duplicate(fd: number): number {
  return systemCall('fcntl', `file descriptor ${fd}`, fd, constants().F_DUPFD_CLOEXEC, 'int', 0);
}

/**
 * Makes `to` stand for what `from` stands for; what `to` was before is closed. `to` then survives an
 * exec, as standard output and standard error must.
 * @throws {PosixError} EBADF when `from` is not open
 */
export function replaceDescriptor(from: number, to: number): void {
  systemCall('dup2', `file descriptor ${from}`, from, to);
}

/** Sets close-on-exec: `spawn` hands over what its `stdio` names, and nothing else may leak into children. */
export function setCloseOnExec(fd: number): void {
  const { F_GETFD, F_SETFD, FD_CLOEXEC } = constants();
  const subject = `file descriptor ${fd}`;
  const flags = systemCall('fcntl', subject, fd, F_GETFD, 'int', 0);
  systemCall('fcntl', subject, fd, F_SETFD, 'int', flags | FD_CLOEXEC);
}

/** Sets O_NONBLOCK, which belongs to the open socket and so holds in every process that shares it. */
export function setNonBlocking(fd: number): void {
  const { F_GETFL, F_SETFL, O_NONBLOCK } = constants();
  const subject = `file descriptor ${fd}`;
  const flags = systemCall('fcntl', subject, fd, F_GETFL, 'int', 0);
  systemCall('fcntl', subject, fd, F_SETFL, 'int', flags | O_NONBLOCK);
}

/** Takes O_NONBLOCK away, for a program that expects to wait. */
export function setBlocking(fd: number): void {
  const { F_GETFL, F_SETFL, O_NONBLOCK } = constants();
  const subject = `file descriptor ${fd}`;
  const flags = systemCall('fcntl', subject, fd, F_GETFL, 'int', 0);
  systemCall('fcntl', subject, fd, F_SETFL, 'int', flags & ~O_NONBLOCK);
}

import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';

/**
 * A system call failed, or what it was given cannot work. `code` is the symbolic name of the error
 * (`EADDRINUSE`), as in Node's own errors.
 */
export class PosixError extends Error {
  readonly code: string;
  /** The number behind `code` on this system, positive. */
  readonly errno: number;
  /** The call that failed: `bind`. */
  readonly syscall: string;

  constructor(code: string, syscall: string, message: string) {
    super(message);
    this.name = 'PosixError';
    this.code = code;
    this.errno = (constants.errno as Record<string, number>)[code] ?? 0;
    this.syscall = syscall;
  }
}

/**
 * This operating system is not one whose constants are known here. Shaped as an error for the operator
 * (`isOperatorError`, `exitCode`), so that the command prints it without a stack.
 */
export class UnsupportedPlatformError extends PosixError {
  readonly isOperatorError = true;
  readonly exitCode = 1;

  constructor(platform: string, supported: readonly string[]) {
    super(
      'ENOTSUP',
      'socket',
      `this server needs a POSIX system that it knows: ${platform} is not one of ${supported.join(', ')}; run it on one of those`,
    );
    this.name = 'UnsupportedPlatformError';
  }
}

/** None of the places for the server's own temporary files can be used. */
export class NoTemporaryPlaceError extends Error {
  readonly code = 'ERR_NO_TEMPORARY_PLACE';
  // Shaped for the operator, as the error above.
  readonly isOperatorError = true;
  /** A worker that does not boot for want of it does not boot at the next attempt. */
  readonly exitCode = 3;

  constructor(purpose: string, reasons: readonly string[]) {
    super(
      `there is no place for ${purpose}: ${reasons.join('; ')}; make one of them writable, or name another with --worker-tmp-dir`,
    );
    this.name = 'NoTemporaryPlaceError';
  }
}

/** The error for a call that returned -1. `subject` says what it was about: `127.0.0.1:8000`. */
export function systemCallError(syscall: string, errno: number, subject: string): PosixError {
  const code = getSystemErrorName(-errno);
  return new PosixError(code, syscall, `${syscall} ${subject}: ${describeCode(code)}`);
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied (EACCES)',
  EADDRINUSE: 'the address is already in use (EADDRINUSE)',
  EADDRNOTAVAIL: 'this machine does not have that address (EADDRNOTAVAIL)',
  EAFNOSUPPORT: 'this machine does not speak that address family (EAFNOSUPPORT)',
  EBADF: 'there is no such open file descriptor (EBADF)',
  EMFILE: 'this process has too many open files (EMFILE)',
  ENFILE: 'the system has too many open files (ENFILE)',
  ENOENT: 'the directory does not exist (ENOENT)',
  ENOTDIR: 'a part of the path is not a directory (ENOTDIR)',
  ENOTSOCK: 'it is not a socket (ENOTSOCK)',
  EPERM: 'not permitted (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
};

function describeCode(code: string): string {
  return DESCRIPTIONS[code] ?? code;
}

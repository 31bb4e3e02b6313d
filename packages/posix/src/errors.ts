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

/** The package that makes system calls on this system is not installed, or cannot be loaded. */
export class NativePackageMissingError extends Error {
  readonly code = 'ERR_NATIVE_PACKAGE_MISSING';
  // Shaped for the operator, as the error above.
  readonly isOperatorError = true;
  readonly exitCode = 1;

  constructor(name: string, cause: unknown) {
    const isMissing = (cause as NodeJS.ErrnoException | undefined)?.code === 'MODULE_NOT_FOUND';
    super(
      isMissing
        ? `the package ${name}, by which system calls are made here, is not installed; install again on this system, and with optional dependencies: what was installed on another one, or with --omit=optional, lacks it`
        : `the package ${name}, by which system calls are made here, cannot be loaded: ${String(cause)}; install again on this system`,
      { cause },
    );
    this.name = 'NativePackageMissingError';
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

/** Root was to write where a link of another user leads. */
export class ForeignLinkError extends Error {
  readonly code = 'ERR_FOREIGN_LINK';

  constructor(link: string, uid: bigint) {
    super(
      `'${link}' is a link of the user with id ${uid}, and root does not follow it to what is not theirs; name the file itself, or let root make the link`,
    );
    this.name = 'ForeignLinkError';
  }
}

/** Root was to write to one of its files under a second name, in a folder of another user. */
export class SecondNameError extends Error {
  readonly code = 'ERR_SECOND_NAME';

  constructor(name: string, uid: bigint) {
    super(
      `'${name}' belongs to root and has a second name, in a folder of the user with id ${uid}; remove it, or name a file in a folder of root`,
    );
    this.name = 'SecondNameError';
  }
}

/** The error for a call that returned -1. `subject` says what it was about: `127.0.0.1:8000`. */
export function systemCallError(syscall: string, errno: number, subject: string): PosixError {
  const code = getSystemErrorName(-errno);
  return new PosixError(code, syscall, `${syscall} ${subject}: ${describeCode(code)}`);
}

/** What Node.js threw, about `subject`: the path that the operator wrote instead of one through a descriptor. */
export function describedError(error: unknown, subject: string): unknown {
  const { code, syscall = 'open' } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new PosixError(code, syscall, `${syscall} ${subject}: ${describeCode(code)}`);
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied (EACCES)',
  EADDRINUSE: 'the address is already in use (EADDRINUSE)',
  EADDRNOTAVAIL: 'this machine does not have that address (EADDRNOTAVAIL)',
  EAFNOSUPPORT: 'this machine does not speak that address family (EAFNOSUPPORT)',
  ELOOP: 'there are too many symbolic links (ELOOP)',
  EBADF: 'there is no such open file descriptor (EBADF)',
  EMFILE:
    'this process has too many open files (EMFILE); raise its limit, by ulimit -n or LimitNOFILE= of its unit',
  ENFILE: 'the system has too many open files (ENFILE); raise fs.file-max',
  ENOBUFS: 'the kernel has no memory for sockets (ENOBUFS)',
  ENOMEM: 'the kernel has no memory (ENOMEM)',
  ENOENT: 'the directory does not exist (ENOENT)',
  ENOTDIR: 'a part of the path is not a directory (ENOTDIR)',
  ENOTSOCK: 'it is not a socket (ENOTSOCK)',
  EPERM: 'not permitted (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
};

function describeCode(code: string): string {
  return DESCRIPTIONS[code] ?? code;
}

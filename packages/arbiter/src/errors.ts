import { whyMissingNote } from '@gunicorn-ts/config';
import { OperatorError } from '@gunicorn-ts/interface';

/** Another process listens where we are to listen. */
export function addressInUse(bind: string, attempts: number): OperatorError {
  return new OperatorError(
    'ERR_ADDRESS_IN_USE',
    `bind: ${bind} is in use by another process (tried ${attempts} times, 1 s apart); stop that process, or choose another address with --bind`,
  );
}

/** The address cannot be listened on, and waiting does not help. */
export function cannotListen(bind: string, cause: Error): OperatorError {
  return new OperatorError(
    'ERR_CANNOT_LISTEN',
    `bind: cannot listen on ${bind}: ${cause.message}${cureFor(cause)}`,
    {
      cause,
    },
  );
}

function cureFor(cause: Error & { code?: string }): string {
  switch (cause.code) {
    case 'EACCES':
      return "; ports below 1024 and other users' directories need privileges: choose another address, or start as root and set --user";
    case 'EADDRNOTAVAIL':
      return '; this machine does not have that address: see `ip address`, or use 0.0.0.0 for all of them';
    case 'ENOTSOCK':
      return '; a file that is no socket stands there: move it away, or choose another path';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return '; no address is known for that name: write a numeric address, or see /etc/hosts and the resolver';
    case 'ENOENT':
      return '; create the directory first';
    default:
      return '';
  }
}

/** `LISTEN_FDS` or the hand-over of an upgrade named a descriptor that cannot be listened on. */
export function notAListener(fd: number, origin: string, cause: Error): OperatorError {
  return new OperatorError(
    'ERR_NOT_A_LISTENER',
    `file descriptor ${fd}, given by ${origin}, is not a listening stream socket (${cause.message}); check ListenStream= of the socket unit, or bind: fd://N`,
    { cause },
  );
}

/** A bind names a socket of systemd, and the sockets that it passed have other names. */
export function socketNotPassed(name: string, passed: string): OperatorError {
  return new OperatorError(
    'ERR_SOCKET_NOT_PASSED',
    `bind: fd://${name} is none of the sockets that systemd passed: ${passed}; write FileDescriptorName=${name} in its socket unit, or correct the bind`,
  );
}

/** A bind names a socket of systemd, and this process was not started with any. */
export function noSocketOfThatName(name: string): OperatorError {
  return new OperatorError(
    'ERR_NO_SOCKET_OF_THAT_NAME',
    `bind: fd://${name} names a socket of systemd, which passed none; start the server by its service unit with Sockets=, or bind an address`,
  );
}

/** The application opens ever more sockets. */
export function tooManyShared(address: string, most: number): OperatorError {
  return new OperatorError(
    'ERR_TOO_MANY_SHARED',
    `the application listens at ${address}, and at ${most} further addresses already; listen at port 0, or give listen() the option exclusive, for a socket that only one worker has`,
  );
}

/** The pid file belongs to a server that runs. */
export function alreadyRunning(pid: number, file: string): OperatorError {
  return new OperatorError(
    'ERR_ALREADY_RUNNING',
    `pidfile: already running on PID ${pid} (or pid file '${file}' is stale); stop that server, or choose another file with --pid`,
  );
}

/** The pid file cannot be written. */
export function pidfileNotWritable(file: string, cause: NodeJS.ErrnoException): OperatorError {
  const cure = cause.code === 'ENOENT' ? 'create the directory first' : 'choose another file with --pid';
  return new OperatorError('ERR_PIDFILE', `pidfile: cannot write '${file}': ${cause.message}; ${cure}`, {
    cause,
  });
}

/** A hook of the arbiter's side threw while the server was starting. */
export function hookFailed(name: string, cause: unknown): OperatorError {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new OperatorError(
    'ERR_HOOK_FAILED',
    `the hook ${name} threw, so the server does not start: ${detail}`,
    {
      cause,
    },
  );
}

/** The application did not load in the process that was to prove it (`preloadApp`, `checkConfig`). */
export function applicationDoesNotLoad(message: string, exitCode: number): OperatorError {
  return new OperatorError('ERR_APPLICATION_DOES_NOT_LOAD', message, { exitCode });
}

/** A worker is to be started, and the folder that its code was loaded from is gone. */
export function folderGone(named: string, folder: string): OperatorError {
  const which = named === folder ? named : `${folder}, which ${named} was when the settings were loaded,`;
  return new OperatorError(
    'ERR_FOLDER_GONE',
    `the folder ${which} is gone, and there is none in its place${whyMissingNote(named)}; put it back, or let the link lead to another one, and send HUP`,
  );
}

/** A second arbiter is to be started where the first was, and that folder is gone. */
export function launchFolderGone(folder: string): OperatorError {
  return new OperatorError(
    'ERR_LAUNCH_FOLDER_GONE',
    `the folder ${folder}, in which the server was started, is gone${whyMissingNote(folder)}; put it back, or restart in another one`,
  );
}

/** The files of the server were in a release that is gone: no worker can be started from them. */
export function serverFilesGone(file: string): OperatorError {
  return new OperatorError(
    'ERR_SERVER_FILES_GONE',
    `${file}, a file of this server, is gone, maybe with the release that it was installed in; keep that release until the server was upgraded (USR2) or restarted`,
  );
}

/** The configuration file, or what it imports, wanted to end the process during a reload. */
export function exitRefused(code: unknown): OperatorError {
  return new OperatorError(
    'ERR_EXIT_REFUSED',
    `process.exit(${code === undefined || code === null ? '' : String(code)}) was called while the settings were being read; throw an error instead, which refuses the reload and keeps the server`,
  );
}

import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';

/** `ERR_CONTROL_SOCKET`, exit code 1: the control socket that the settings name cannot be opened. */
export function controlSocketUnusable(path: string, cause: Error): OperatorError {
  const message = `controlSocket: ${path} cannot be opened: ${cause.message}; name another path, or turn it off with --no-control-socket`;
  return new OperatorError('ERR_CONTROL_SOCKET', message, { cause, exitCode: EXIT_CODE.failure });
}

/** `ERR_CONTROL_USAGE`, exit code 2: the words behind a command for a running server were not understood. */
export function verbUsage(verb: string, message: string): OperatorError {
  const text = `gunicorn ${verb}: ${message}; see gunicorn ${verb} --help`;
  return new OperatorError('ERR_CONTROL_USAGE', text, { exitCode: EXIT_CODE.usage });
}

/** What the exit code 3 means to a command that looks for a server: LSB's "program is not running". */
const NOT_RUNNING = 3;
/** LSB's "unknown": there is one, and it does not answer us. */
const NO_RIGHT = 4;

/** `ERR_NO_SERVER`, exit code 3: no server was found to speak to. */
export function noServer(why: string): OperatorError {
  return new OperatorError('ERR_NO_SERVER', why, { exitCode: NOT_RUNNING });
}

/** `ERR_NO_CONTROL_SOCKET`, exit code 4: the server runs, and takes no orders where it was looked for. */
export function noControlSocket(why: string): OperatorError {
  return new OperatorError('ERR_NO_CONTROL_SOCKET', why, { exitCode: NO_RIGHT });
}

/** `ERR_MANY_SERVERS`, exit code 2: several servers run here, and none was named. */
export function manyServers(candidates: readonly string[]): OperatorError {
  const message = [
    `${candidates.length} servers run here; name one with -p PID or --control-socket PATH`,
    ...candidates.map((line) => `  ${line}`),
  ].join('\n');
  return new OperatorError('ERR_MANY_SERVERS', message, { exitCode: EXIT_CODE.usage });
}

/** `ERR_SERVER_ELSEWHERE`, exit code 2: the only server that runs is one of another folder, and it was to be stopped. */
export function serverElsewhere({
  pid,
  name,
  folder,
}: {
  readonly pid: number;
  readonly name: string;
  readonly folder: string;
}): OperatorError {
  return new OperatorError(
    'ERR_SERVER_ELSEWHERE',
    `no server of this folder runs; ${name} does, in ${folder}. When that is the one to stop, name it: gunicorn stop -p ${pid}`,
    { exitCode: EXIT_CODE.usage },
  );
}

/** `ERR_NO_RIGHT`, exit code 4: the server does not take orders from this user. */
export function noRight(where: string): OperatorError {
  const message = `${where} does not let this user in (uid ${process.geteuid?.() ?? '?'}); ask as the user that the server runs as, or as root`;
  return new OperatorError('ERR_NO_RIGHT', message, { exitCode: NO_RIGHT });
}

/** `ERR_SERVER_REFUSED`, exit code 1: the server did not do what it was asked for. */
export function refused(verb: string, reason: string): OperatorError {
  return new OperatorError('ERR_SERVER_REFUSED', `${verb}: ${reason}`, { exitCode: EXIT_CODE.failure });
}

/** `ERR_NO_OUTCOME`, exit code 1: the time for waiting was over before the outcome was known. */
export function noOutcome(verb: string, seconds: number): OperatorError {
  const message = `${verb}: not done after ${seconds} s; it goes on in the server, see gunicorn status`;
  return new OperatorError('ERR_NO_OUTCOME', message, { exitCode: EXIT_CODE.failure });
}

/** `ERR_CONNECTION_LOST`, exit code 1: the server went away, or speaks another language. */
export function connectionLost(where: string, reason: string): OperatorError {
  return new OperatorError('ERR_CONNECTION_LOST', `${where}: ${reason}`, { exitCode: EXIT_CODE.failure });
}

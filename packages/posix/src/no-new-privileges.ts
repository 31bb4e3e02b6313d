import { systemCallError } from './errors.ts';
import { lastErrno, libraryFunction } from './system-calls.ts';

const PR_SET_NO_NEW_PRIVS = 38;

/**
 * From now on no program that this thread starts, nor any that those start, gains rights by being started: the
 * setuid bit and file capabilities have no effect. It cannot be taken back. Does nothing where it is not known.
 * @throws {PosixError} EINVAL on a Linux older than 3.5
 */
export function renounceNewPrivileges(): void {
  if (process.platform !== 'linux') return;
  const prctl = libraryFunction(
    'int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)',
  );
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) === -1) {
    throw systemCallError('prctl', lastErrno(), 'no_new_privs');
  }
}

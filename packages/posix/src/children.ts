import { libraryFunction, systemCall } from './system-calls.ts';

/** `<sys/wait.h>`, the same on all systems. */
const WNOHANG = 1;
/** `<sys/prctl.h>`. */
const PR_GET_CHILD_SUBREAPER = 37;

/**
 * Takes the end of a child that Node.js did not start. Never of one that it did: Node would not hear of it any more.
 * @returns false when the child still runs
 * @throws {PosixError} ECHILD when it is no child of this process
 */
export function reapChild(pid: number): boolean {
  return systemCall('waitpid', `process ${pid}`, pid, null, WNOHANG) === pid;
}

/**
 * Whether orphans below this process become its children: it is the first of its PID namespace, or Linux was told so
 * (`PR_SET_CHILD_SUBREAPER`), which survives an exec.
 */
export function adoptsOrphans(): boolean {
  if (process.pid === 1) return true;
  if (process.platform !== 'linux') return false;
  const answer = Buffer.alloc(4);
  const asked = libraryFunction('int prctl(int option, void *answer)')(PR_GET_CHILD_SUBREAPER, answer);
  return asked === 0 && answer.readInt32LE() === 1;
}

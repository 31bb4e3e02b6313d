import type { WorkerIdentity } from '@gunicorn-ts/interface';
import { bootError } from './errors.ts';

/** The calls of `process` that change who a process is; all of them exist on UNIX. */
interface IdentityCalls extends Required<
  Pick<NodeJS.Process, 'getuid' | 'geteuid' | 'getgid' | 'getegid' | 'setuid' | 'setgid' | 'setgroups'>
> {
  initgroups(user: string, extraGroup: number): void;
}

/**
 * Becomes `identity` for good, and checks that it did.
 *
 * @throws OperatorError `ERR_PRIVILEGES` with exit code 3.
 */
export function becomeIdentity(identity: WorkerIdentity): void {
  const calls = process as NodeJS.Process & IdentityCalls;
  const before = `uid ${calls.geteuid()}, gid ${calls.getegid()}`;
  if (calls.geteuid() !== 0) {
    if (isIdentity(identity, calls)) return;
    throw bootError(
      'ERR_PRIVILEGES',
      `cannot become uid ${identity.uid}, gid ${identity.gid}: the server runs as ${before}, and only ` +
        'root may change that; start it as root, or leave out user and group',
    );
  }
  try {
    changeIdentity(identity, calls);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw bootError(
      'ERR_PRIVILEGES',
      `cannot become uid ${identity.uid}, gid ${identity.gid} from ${before}: ${reason}`,
      cause,
    );
  }
  if (!isIdentity(identity, calls) || canReturnToRoot(identity, calls)) {
    throw bootError(
      'ERR_PRIVILEGES',
      `the system did not make this process uid ${identity.uid}, gid ${identity.gid}`,
    );
  }
}

/** Groups before user: after `setuid` the right to change groups is gone. */
function changeIdentity(identity: WorkerIdentity, calls: IdentityCalls): void {
  if (identity.initgroupsUser === undefined) calls.setgroups([identity.gid]);
  else calls.initgroups(identity.initgroupsUser, identity.gid);
  calls.setgid(identity.gid);
  calls.setuid(identity.uid);
}

function isIdentity({ uid, gid }: WorkerIdentity, calls: IdentityCalls): boolean {
  return (
    calls.getuid() === uid && calls.geteuid() === uid && calls.getgid() === gid && calls.getegid() === gid
  );
}

/** True when the saved uid is still 0: then the change was only for show. */
function canReturnToRoot(identity: WorkerIdentity, calls: IdentityCalls): boolean {
  if (identity.uid === 0) return false;
  try {
    calls.setuid(0);
    return true;
  } catch {
    return false;
  }
}

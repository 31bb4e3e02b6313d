import { identityOf } from '@gunicorn-ts/config';
import type { Settings, WorkerIdentity } from '@gunicorn-ts/interface';
import { renounceNewPrivileges } from '@gunicorn-ts/posix';

/**
 * Who workers run as; `undefined` keeps the arbiter's. When root gives them to a user, they gain nothing by starting
 * `sudo` and its like (`no_new_privs`). The arbiter sets that for itself, and all that it starts inherit it: root
 * has nothing to gain, and each worker would load libc's bindings for this call alone.
 */
export function identityOfWorkers(settings: Readonly<Settings>): WorkerIdentity | undefined {
  const identity = identityOf(settings);
  if (identity !== undefined && identity.uid !== 0 && process.geteuid?.() === 0) renounceNewPrivileges();
  return identity;
}

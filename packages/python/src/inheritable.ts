import { readdirSync, readFileSync } from 'node:fs';
import { limitInheritance } from '@gunicorn-ts/posix';

const STANDARD_ERROR = 2;
/** `O_CLOEXEC`, as `/proc` shows it in the flags of a descriptor. */
const CLOSED_ON_EXEC = 0o2000000;

/**
 * Starts a process that inherits no more than the standard streams, before it is known what others are to inherit: these
 * have afterwards what they would have had.
 * @throws {Error} where the system does not tell what would be inherited, and what `start` throws
 */
export function startAlone<Started>(start: () => Started): Started {
  const inheritable = new Set(readdirSync('/proc/self/fd').filter(isInheritable).map(Number));
  if (inheritable.size === 0) return start();
  limitInheritance(new Set());
  try {
    return start();
  } finally {
    limitInheritance(inheritable);
  }
}

function isInheritable(fd: string): boolean {
  if (Number(fd) <= STANDARD_ERROR) return false;
  try {
    const [, flags = '0'] =
      /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0;
  } catch {
    // The one that listed the others is closed by now.
    return false;
  }
}

import { closeSync, constants } from 'node:fs';
import { openGuarded } from '@gunicorn-ts/posix';

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Calls `use` with a path at which the master opens the file of `captureOutput`. For a master that is root it leads
 * through a descriptor of this process, which follows no link that another user made.
 * @throws {ForeignLinkError} {SecondNameError} and what `open` throws
 */
export async function withOutput<T>(
  path: string | undefined,
  use: (path: string | undefined) => Promise<T>,
): Promise<T> {
  if (path === undefined || process.platform !== 'linux' || process.geteuid?.() !== 0) return use(path);
  const { fd } = openGuarded(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o644);
  try {
    return await use(`/proc/${process.pid}/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

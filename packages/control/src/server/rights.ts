import { type PeerCredentials, peerCredentials } from '@gunicorn-ts/posix';
import type { Socket } from 'node:net';

/** `view`: look; `control`: change something as well. */
export type Right = 'view' | 'control';

/** Who is at the other end. */
export interface Asker {
  readonly right: Right;
  /** For the log. */
  readonly name: string;
}

/**
 * Root and the user of the server control it: they could send it signals as well. Whoever else the permissions of the
 * socket let in may look.
 */
export function rightOf(peer: PeerCredentials | undefined, ownUid: number, mode: number): Right {
  if (peer !== undefined) return peer.uid === 0 || peer.uid === ownUid ? 'control' : 'view';
  // Where the system does not say who it is, the permissions have let in the owner and root alone, or anybody.
  return (mode & 0o077) === 0 ? 'control' : 'view';
}

export function askerOf(socket: Socket, mode: number): Asker {
  const peer = credentialsOf(socket);
  const right = rightOf(peer, process.geteuid?.() ?? -1, mode);
  if (peer === undefined) return { right, name: 'the control socket' };
  return { right, name: `uid ${peer.uid}${peer.pid === undefined ? '' : `, pid ${peer.pid}`}` };
}

function credentialsOf(socket: Socket): PeerCredentials | undefined {
  const { _handle: handle } = socket as { _handle?: { readonly fd?: number } | null };
  if (handle?.fd === undefined || handle.fd < 0) return undefined;
  try {
    return peerCredentials(handle.fd);
  } catch {
    return undefined;
  }
}

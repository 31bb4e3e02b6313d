import { systemCallError } from './errors.ts';
import { constants, lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';

/** Who is at the other end of a connection over a unix socket, as the kernel says. */
export interface PeerCredentials {
  readonly uid: number;
  readonly gid: number;
  /** Of the process that connected; it may have ended since. `undefined` where the system does not say. */
  readonly pid: number | undefined;
}

/** Linux: `struct ucred` holds process, user and group, four bytes each. */
const SO_PEERCRED = 17;

let getsockopt: LibraryFunction | undefined;
let getpeereid: LibraryFunction | undefined;

/**
 * Whose process connected, with the rights that it had then.
 * @param fd of an accepted connection
 * @throws {PosixError} EBADF, ENOTSOCK; ENOTCONN
 */
export function peerCredentials(fd: number): PeerCredentials {
  return process.platform === 'linux' ? fromSocketOption(fd) : fromLibrary(fd);
}

function fromSocketOption(fd: number): PeerCredentials {
  getsockopt ??= libraryFunction('int getsockopt(int fd, int level, int name, void *value, void *length)');
  const value = new Int32Array(3);
  const length = new Uint32Array([value.byteLength]);
  const bytes = (array: Int32Array | Uint32Array): Uint8Array => new Uint8Array(array.buffer);
  const result = getsockopt(fd, constants().SOL_SOCKET, SO_PEERCRED, bytes(value), bytes(length));
  if (result === -1) throw systemCallError('getsockopt', lastErrno(), `file descriptor ${fd}`);
  const [pid = 0, uid = -1, gid = -1] = value;
  // Another namespace of processes has no number for it here.
  return { uid: uid >>> 0, gid: gid >>> 0, pid: pid === 0 ? undefined : pid };
}

/** macOS and the BSDs. */
function fromLibrary(fd: number): PeerCredentials {
  getpeereid ??= libraryFunction('int getpeereid(int fd, void *uid, void *gid)');
  const [uid, gid] = [new Uint32Array(1), new Uint32Array(1)];
  const result = getpeereid(fd, new Uint8Array(uid.buffer), new Uint8Array(gid.buffer));
  if (result === -1) throw systemCallError('getpeereid', lastErrno(), `file descriptor ${fd}`);
  return { uid: uid[0] ?? 0xffff_ffff, gid: gid[0] ?? 0xffff_ffff, pid: undefined };
}

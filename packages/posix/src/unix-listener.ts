import { chownSync, closeSync, constants as flags, fstatSync, openSync, rmSync } from 'node:fs';
import { PosixError } from './errors.ts';
import { type HeldFolder, inFolderOf, O_PATH } from './held-folder.ts';
import { encodeUnixAddress, type UnixAddress } from './socket-address.ts';
import { withStreamSocket } from './stream-socket.ts';
import { constants, systemCall } from './system-calls.ts';

export interface UnixListenerOptions {
  /** At most 107 bytes on Linux, 103 elsewhere. */
  readonly path: string;
  /** Connections that may wait for `accept`; the kernel caps it. */
  readonly backlog: number;
  /** Permission bits that the socket file is made without; it has the others of 0o777. */
  readonly umask: number;
  /** Who the socket file is given to. Default: whoever runs this. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

export interface UnixListener {
  readonly fd: number;
  readonly address: UnixAddress;
}

/**
 * A listening unix socket: non-blocking, closed on exec. A socket file that nobody listens on is
 * replaced; any other file is left alone. Must be called from the main thread, since it sets the umask.
 * @throws {PosixError} EADDRINUSE when a server listens there, ENOTSOCK when the path is some other
 * file, ENAMETOOLONG, EINVAL, ENOENT, EACCES
 * @throws {UnsupportedPlatformError} when this system is not known
 */
export function openUnixListener(options: UnixListenerOptions): UnixListener {
  const { path } = options;
  const address = encodeUnixAddress(path, constants());
  return inFolderOf(path, (folder, name) =>
    withStreamSocket(constants().AF_UNIX, (fd) => {
      bindReplacingStale(fd, address, options, { folder, name });
      try {
        if (options.owner) give({ folder, name }, path, options.owner);
        systemCall('listen', path, fd, options.backlog);
      } catch (error) {
        rmSync(folder.at(name), { force: true });
        throw error;
      }
      return { fd, address: { kind: 'unix', path } };
    }),
  );
}

/** Where the file of a socket is. */
interface Entry {
  readonly folder: HeldFolder;
  readonly name: string;
}

function bindReplacingStale(
  fd: number,
  address: Buffer,
  { path, umask }: UnixListenerOptions,
  entry: Entry,
): void {
  try {
    bindUnderUmask(fd, address, path, umask);
  } catch (error) {
    if (!(error instanceof PosixError) || error.code !== 'EADDRINUSE') throw error;
    refuseOtherFile(path, entry);
    refuseLiveSocket(path, address);
    rmSync(entry.folder.at(entry.name), { force: true });
    bindUnderUmask(fd, address, path, umask);
  }
}

/** By a descriptor: between the bind and this whoever owns the folder may have put another file in its place. */
function give({ folder, name }: Entry, path: string, { uid, gid }: { uid: number; gid: number }): void {
  if (process.platform !== 'linux') {
    systemCall('lchown', path, path, uid, gid);
    return;
  }
  const fd = openSync(folder.at(name), O_PATH | flags.O_NOFOLLOW);
  try {
    const stat = fstatSync(fd, { bigint: true });
    const isOurs = stat.isSocket() && stat.nlink === 1n && Number(stat.uid) === process.geteuid?.();
    if (!isOurs)
      throw new PosixError('EEXIST', 'chown', `${path}: another file was put in its place (EEXIST)`);
    // `fchown` does not take such a descriptor; a path through it does the same.
    chownSync(`/proc/self/fd/${fd}`, uid, gid);
  } finally {
    closeSync(fd);
  }
}

/**
 * The permissions are right from the first moment, where a chmod after the bind would leave a gap in
 * which anybody may connect.
 */
function bindUnderUmask(fd: number, address: Buffer, path: string, umask: number): void {
  const before = process.umask(umask);
  try {
    systemCall('bind', path, fd, address, address.length);
  } finally {
    process.umask(before);
  }
}

function refuseOtherFile(path: string, { folder, name }: Entry): void {
  const found = folder.lstat(name);
  if (!found || found.isSocket()) return;
  throw new PosixError(
    'ENOTSOCK',
    'bind',
    `bind ${path}: the path exists and is not a socket (ENOTSOCK); remove it or choose another path`,
  );
}

function refuseLiveSocket(path: string, address: Buffer): void {
  if (!isServed(path, address)) return;
  throw new PosixError(
    'EADDRINUSE',
    'bind',
    `bind ${path}: another process listens on it (EADDRINUSE); stop it or choose another path`,
  );
}

/** Connects: the kernel refuses when no process has the socket of the file any more. */
function isServed(path: string, address: Buffer): boolean {
  const probe = withStreamSocket(constants().AF_UNIX, (fd) => fd);
  try {
    systemCall('connect', path, probe, address, address.length);
    return true;
  } catch (error) {
    if (!(error instanceof PosixError)) throw error;
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') return false;
    // EAGAIN: its queue is full. EPROTOTYPE: it is a socket of another type. Somebody has it in both cases.
    if (error.code === 'EAGAIN' || error.code === 'EPROTOTYPE') return true;
    throw error;
  } finally {
    closeSync(probe);
  }
}

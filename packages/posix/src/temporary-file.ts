import {
  closeSync,
  constants,
  fchmodSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomName } from './random-name.ts';
import { lastErrno, type LibraryFunction, libraryFunction } from './system-calls.ts';
import { inFirstPlace, mayEnter, type TemporaryPlace } from './temporary-place.ts';

const MFD_CLOEXEC = 1;
/** Without it a kernel since 6.3 complains in its log, and a hardened one refuses. */
const MFD_NOEXEC_SEAL = 8;

/** Node.js does not name it. The number without the directory's part is the same on all that Node.js runs on. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
const OWNER_ONLY = 0o600;

let create: LibraryFunction | undefined | null;

/** A file in memory that never has a name; `undefined` where the system has none. `name` shows in `/proc`. */
export function openMemoryFile(name: string): number | undefined {
  create ??= memfdCreate();
  if (create === null) return undefined;
  const text = Buffer.from(`${name}\0`);
  for (const flags of [MFD_CLOEXEC | MFD_NOEXEC_SEAL, MFD_CLOEXEC]) {
    const fd = create(text, flags);
    if (fd !== -1) return fd;
  }
  lastErrno();
  return undefined;
}

function memfdCreate(): LibraryFunction | null {
  if (process.platform !== 'linux') return null;
  try {
    return libraryFunction('int memfd_create(const void *name, unsigned int flags)');
  } catch {
    // A libc that is older than 2018.
    return null;
  }
}

/**
 * A file that is read and written by its descriptor alone, so that it goes with it however the process ends.
 * @throws {NoTemporaryPlaceError}
 */
export function openUnnamedFile(purpose: string, places: readonly TemporaryPlace[]): number {
  return inFirstPlace(purpose, places, (folder) => openUnnamedIn(folder) ?? openAndUnlink(folder));
}

/**
 * Such a file that has this many bytes of room: written and not only promised, since to store into the memory of a file
 * whose file system then has no room kills the process (SIGBUS). A place that is full is passed over.
 * @throws {NoTemporaryPlaceError}
 */
export function openRoomyFile(purpose: string, bytes: number, places: readonly TemporaryPlace[]): number {
  return inFirstPlace(purpose, places, (folder) =>
    withRoom(openUnnamedIn(folder) ?? openAndUnlink(folder), bytes),
  );
}

/** The same descriptor; it is closed where there is no room. */
function withRoom(fd: number, bytes: number): number {
  try {
    const written = writeSync(fd, new Uint8Array(bytes), 0, bytes, 0);
    // A file system writes what fits before it says that it is full.
    if (written < bytes) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A file in memory without a name, as roomy; `undefined` where the system has none, or no room. */
export function openRoomyMemoryFile(purpose: string, bytes: number): number | undefined {
  const fd = openMemoryFile(`gunicorn: ${purpose}`);
  try {
    return fd === undefined ? undefined : withRoom(fd, bytes);
  } catch {
    return undefined;
  }
}

/** Never has a name, where the file system can do that. */
function openUnnamedIn(folder: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return openSync(folder, O_TMPFILE | constants.O_RDWR, OWNER_ONLY);
  } catch (error) {
    // EISDIR: of a kernel that does not know the flag.
    if (['EOPNOTSUPP', 'EISDIR', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

function openAndUnlink(folder: string): number {
  // Not to append: what is written to a place goes there.
  const { fd, path } = openNamedIn(folder, 'wx+');
  unlinkSync(path);
  return fd;
}

/** A file that another process of the same user opens by its path. To be unlinked by the caller. */
export function openNamedFile(
  purpose: string,
  places: readonly TemporaryPlace[],
): { readonly fd: number; readonly path: string } {
  return inFirstPlace(purpose, places, (folder) => openNamedIn(folder, 'ax+'));
}

function openNamedIn(folder: string, flags: 'ax+' | 'wx+'): { readonly fd: number; readonly path: string } {
  const path = join(folder, `gunicorn-${randomName()}`);
  return { fd: openSync(path, flags, OWNER_ONLY), path };
}

/**
 * Makes a folder in which this process alone makes and removes files. `visitor` is another user, who may reach those
 * that are given to him by name, and cannot put something else in their place.
 * @throws {NoTemporaryPlaceError}
 */
export function makePrivateFolder(
  purpose: string,
  places: readonly TemporaryPlace[],
  visitor?: { readonly uid: number; readonly gid: number },
): string {
  return inFirstPlace(purpose, places, (folder) => {
    if (visitor !== undefined && !mayEnter(folder, visitor)) {
      throw new Error(`may not be entered by the user with id ${visitor.uid}`);
    }
    const made = mkdtempSync(join(folder, 'gunicorn-'));
    try {
      if (visitor !== undefined) openToVisitors(made);
    } catch (error) {
      rmdirSync(made);
      throw error;
    }
    return made;
  });
}

/** By its descriptor: whoever owns the folder around it could have put another file in its place. */
function openToVisitors(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchmodSync(fd, 0o711);
  } finally {
    closeSync(fd);
  }
}

import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { NoTemporaryPlaceError } from './errors.ts';

/** A folder in which the server may make files for itself. */
export interface TemporaryPlace {
  readonly folder: string;
  /** Why it is looked at, for the operator: `workerTmpDir`, `$TMPDIR`. */
  readonly origin: string;
}

/** `small`: a socket, a sign of life. `large`: the body of a request, which memory is no place for. */
export type TemporaryContents = 'small' | 'large';

let preferred: string | undefined;

/** The setting `workerTmpDir` of this process. */
export function preferTemporaryFolder(folder: string | undefined): void {
  preferred = folder;
}

/**
 * The places for files of the server's own, in the order in which they are tried: `workerTmpDir`, the run directory,
 * memory, the system's temporary directory; for what is large the last come first, since `/dev/shm` has 64 MB in a
 * container.
 */
export function temporaryPlaces(
  contents: TemporaryContents,
  wanted: string | undefined = preferred,
  env: NodeJS.ProcessEnv = process.env,
): readonly TemporaryPlace[] {
  const near = [
    ...(wanted === undefined ? [] : [{ folder: wanted, origin: 'workerTmpDir' }]),
    ...runDirectories(env),
    { folder: '/dev/shm', origin: 'memory' },
  ];
  const far = [
    { folder: tmpdir(), origin: env['TMPDIR'] === undefined ? 'the default' : '$TMPDIR' },
    { folder: '/tmp', origin: 'the default' },
    { folder: '/var/tmp', origin: 'the default' },
  ];
  const all = contents === 'small' ? [...near, ...far] : [...far, ...near];
  const places = all.map(({ folder, origin }) => ({ folder: resolve(folder), origin }));
  return places.filter(({ folder }, index) => places.findIndex((place) => place.folder === folder) === index);
}

function runDirectories(env: NodeJS.ProcessEnv): TemporaryPlace[] {
  // systemd separates several by colons.
  const given = (env['RUNTIME_DIRECTORY'] ?? '').split(':').filter((folder) => folder !== '');
  const user = env['XDG_RUNTIME_DIR'] ?? '';
  return [
    ...given.map((folder) => ({ folder, origin: '$RUNTIME_DIRECTORY' })),
    ...(user === '' ? [] : [{ folder: user, origin: '$XDG_RUNTIME_DIR' }]),
  ];
}

/** Another place would not help: the process or the system has no descriptor left. */
const NOT_OF_THE_PLACE: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * What `attempt` makes in the first of the places in which it does not throw.
 * @param purpose what it is, for the error: `a large request body`
 * @throws {NoTemporaryPlaceError} with the reason of each
 */
export function inFirstPlace<T>(
  purpose: string,
  places: readonly TemporaryPlace[],
  attempt: (folder: string) => T,
): T {
  const reasons: string[] = [];
  for (const { folder, origin } of places) {
    try {
      return attempt(folder);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (NOT_OF_THE_PLACE.has(code)) throw error;
      reasons.push(`${folder} (${origin}): ${code === undefined ? message : reasonOf(code)}`);
    }
  }
  throw new NoTemporaryPlaceError(purpose, reasons);
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'ENOTDIR':
      return 'is no directory';
    case 'EACCES':
    case 'EPERM':
      return `may not be written to by the user with id ${process.geteuid?.() ?? '?'} (${code})`;
    case 'EROFS':
      return 'is read-only (EROFS)';
    case 'ENOSPC':
    case 'EDQUOT':
      return `is full (${code})`;
    default:
      return code;
  }
}

/** Whether a user may go through a folder and those above it, as far as their permission bits tell. */
export function mayEnter(folder: string, { uid, gid }: { uid: number; gid: number }): boolean {
  if (uid === 0) return true;
  for (let path = resolve(folder); ; path = dirname(path)) {
    const stat = statSync(path);
    const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0;
    if (((stat.mode >> shift) & 1) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

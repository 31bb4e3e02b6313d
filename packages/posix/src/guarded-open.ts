import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  statfsSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { ForeignLinkError, SecondNameError } from './errors.ts';
import { type HeldFolder, inFolderOf, isTrustedLink } from './held-folder.ts';

/** Of `/proc/self/fd/N`, whose links lead to open files and not to paths. */
const PROC_SUPER_MAGIC = 0x9fa0;
const MOST_LINKS = 40;

/** A file that was opened, and whether links led to it. */
export interface GuardedFile {
  readonly fd: number;
  readonly followed: boolean;
}

/**
 * Opens a file that lies where others may write. For root a link that is not root's own is an error, and so is one of
 * root's files under a second name in somebody else's folder: whoever put it there would have root write to a file of
 * his choice. Links of root, as `/dev/stdout`, are followed.
 * @throws {ForeignLinkError} {SecondNameError} and what `open` throws
 */
export function openGuarded(path: string, flags: number, mode: number): GuardedFile {
  return openFollowing(resolve(path), { flags, mode }, 0);
}

function openFollowing(
  path: string,
  how: { readonly flags: number; readonly mode: number },
  links: number,
): GuardedFile {
  return inFolderOf(path, (folder, name) => {
    const link = folder.lstat(name);
    if (link?.isSymbolicLink() !== true) return openHere(folder, name, how, links > 0);
    if (!isTrustedLink(link)) throw new ForeignLinkError(path, link.uid);
    if (links === MOST_LINKS) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
    const isOpenFile = process.platform === 'linux' && statfsSync(folder.at('.')).type === PROC_SUPER_MAGIC;
    if (isOpenFile) return { fd: openSync(folder.at(name), how.flags, how.mode), followed: true };
    return openFollowing(resolve(folder.path, readlinkSync(folder.at(name))), how, links + 1);
  });
}

function openHere(
  folder: HeldFolder,
  name: string,
  { flags, mode }: { readonly flags: number; readonly mode: number },
  followed: boolean,
): GuardedFile {
  const fd = openSync(folder.at(name), flags | constants.O_NOFOLLOW, mode);
  if (hasForeignName(fstatSync(fd, { bigint: true }), folder.stat)) {
    closeSync(fd);
    throw new SecondNameError(name, folder.stat.uid);
  }
  return { fd, followed };
}

function hasForeignName(file: BigIntStats, folder: BigIntStats): boolean {
  return (
    process.geteuid?.() === 0 && file.isFile() && file.nlink > 1n && file.uid === 0n && folder.uid !== 0n
  );
}

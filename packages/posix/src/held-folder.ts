import {
  type BigIntStats,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describedError, ForeignLinkError, PosixError } from './errors.ts';

/** Node.js does not name it. A descriptor for what need not be readable. */
export const O_PATH = 0o10000000;
const HOLD = constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** As many as the kernel follows. */
const MOST_LINKS = 40;

/** Only there does a path go through a descriptor, which is what `openat` and its like do elsewhere. */
let holds: boolean | undefined;

/**
 * A folder that is kept open, so that what is made, renamed and removed in it by name is so in this folder, whatever
 * becomes of the path that led to it.
 */
export class HeldFolder {
  /** In 64 bits: Node 22 keeps the others in a buffer that its `realpathSync` shares. */
  readonly stat: BigIntStats;
  readonly #fd: number | undefined;
  readonly #path: string;

  private constructor(path: string, fd?: number) {
    this.#path = path;
    this.#fd = fd;
    this.stat = fd === undefined ? lstatSync(path, { bigint: true }) : fstatSync(fd, { bigint: true });
  }

  /**
   * The folder around a file. Root follows a link of somebody else only to what is theirs as well: it would do there
   * what they may not.
   * @throws {ForeignLinkError} and what `open` throws
   */
  static around(path: string): HeldFolder {
    const folder = dirname(resolve(path));
    holds ??= process.platform === 'linux' && existsSync('/proc/self/fd');
    if (!holds) return new HeldFolder(folder);
    return hold(folder);
  }

  /** @internal */
  static root(): HeldFolder {
    return new HeldFolder('/', openSync('/', O_PATH | HOLD));
  }

  /** A path to the entry of this name; good while the folder is held. */
  at(name: string): string {
    return this.#fd === undefined ? join(this.#path, name) : `/proc/self/fd/${this.#fd}/${name}`;
  }

  /** Where the folder is now. */
  get path(): string {
    return this.#fd === undefined ? this.#path : readlinkSync(`/proc/self/fd/${this.#fd}`);
  }

  lstat(name: string): BigIntStats | undefined {
    return lstatSync(this.at(name), { throwIfNoEntry: false, bigint: true });
  }

  /** @internal The folder of this name, which is no link. */
  enter(name: string): HeldFolder {
    return new HeldFolder(join(this.#path, name), openSync(this.at(name), O_PATH | HOLD));
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

/** Calls `use` with the folder around a file and the file's name, and lets the folder go afterwards. */
export function inFolderOf<T>(path: string, use: (folder: HeldFolder, name: string) => T): T {
  const folder = HeldFolder.around(path);
  try {
    return use(folder, basename(path));
  } catch (error) {
    // Node.js names the path through the descriptor, which says nothing to anybody.
    throw error instanceof PosixError ? error : describedError(error, path);
  } finally {
    folder.close();
  }
}

/** Whether a process of root may follow this link: it is root's own, or this process is not root. */
export function isTrustedLink({ uid }: { readonly uid: bigint }): boolean {
  return uid === 0n || process.geteuid?.() !== 0;
}

/** Goes down from the root, link by link. */
function hold(path: string): HeldFolder {
  let folder = HeldFolder.root();
  const foreign: { readonly link: string; readonly uid: bigint }[] = [];
  const names = partsOf(path);
  try {
    for (let links = 0; names.length > 0;) {
      const name = names.shift()!;
      const stat = lstatSync(folder.at(name), { bigint: true });
      if (!stat.isSymbolicLink()) {
        folder = move(folder, () => folder.enter(name));
        continue;
      }
      if (++links > MOST_LINKS) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
      if (!isTrustedLink(stat)) foreign.push({ link: join(folder.path, name), uid: stat.uid });
      const target = readlinkSync(folder.at(name));
      names.unshift(...partsOf(target));
      if (target.startsWith('/')) folder = move(folder, () => HeldFolder.root());
    }
    const misleading = foreign.find(({ uid }) => uid !== folder.stat.uid);
    if (misleading !== undefined) throw new ForeignLinkError(misleading.link, misleading.uid);
    return folder;
  } catch (error) {
    folder.close();
    throw describedError(error, path);
  }
}

function move(from: HeldFolder, to: () => HeldFolder): HeldFolder {
  const next = to();
  from.close();
  return next;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

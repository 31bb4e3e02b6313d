import { closeSync, lstatSync, mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectUnix, inFolderOf, openUnixListener, PosixError } from '@gunicorn-ts/posix';
import { controlSocketUnusable } from '../errors.ts';
import { controlFolders, pidOfSocket, socketName, whyNotOurs } from '../folders.ts';

const BACKLOG = 16;
/** More than a folder of ours has, and few enough to ask each. */
const MOST_STALE = 64;
const ALL_BITS = 0o777;

/** Where the socket is to be. */
export interface Place {
  /** The setting `controlSocket`; `undefined` is a place of our choice. */
  readonly path: string | undefined;
  readonly mode: number;
  /** What the server is called. */
  readonly name: string;
  /** Another arbiter, which started this one, has the path. */
  readonly isSecond: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** A listening socket and its file, which goes when the server ends. */
export class SocketFile {
  readonly fd: number;
  #path: string;
  readonly #inode: bigint;

  private constructor(path: string, mode: number) {
    this.fd = openUnixListener({ path, backlog: BACKLOG, umask: ALL_BITS & ~mode }).fd;
    this.#path = path;
    this.#inode = lstatSync(path, { bigint: true }).ino;
  }

  get path(): string {
    return this.#path;
  }

  /**
   * At the path that the settings name. The second arbiter of an upgrade takes `PATH.2`, as for the pid file.
   * @throws OperatorError when that cannot be done
   */
  static named(path: string, { mode, isSecond }: Place): SocketFile {
    try {
      // One level: Node's own way to make several never ends under /proc.
      makeFolder(dirname(path));
      return new SocketFile(isSecond ? `${path}.2` : path, mode);
    } catch (error) {
      throw controlSocketUnusable(path, error as Error);
    }
  }

  /** In the first folder that takes it; `why` collects the reasons of the others. Never throws. */
  static anywhere({ name, env, mode }: Place, why: string[]): SocketFile | undefined {
    const uid = process.geteuid?.() ?? -1;
    for (const { path, within } of controlFolders(env, uid)) {
      try {
        makeOurs(path, within, uid);
        removeStale(path);
        return new SocketFile(join(path, socketName(name, process.pid)), mode);
      } catch (error) {
        why.push(`${path}: ${(error as Error).message}`);
      }
    }
    return undefined;
  }

  /** The first arbiter is gone, and its path is free. */
  takeName(path: string): void {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined && isAnswered(path)) return;
    if (!this.#isThere()) return;
    renameSync(this.#path, path);
    this.#path = path;
  }

  /** Removes the file, if it is still this one. The socket itself belongs to who listens. */
  remove(): void {
    try {
      if (this.#isThere()) inFolderOf(this.#path, (folder, name) => unlinkSync(folder.at(name)));
    } catch {
      // Somebody else has removed the folder, or taken the right to it.
    }
  }

  #isThere(): boolean {
    return lstatSync(this.#path, { throwIfNoEntry: false, bigint: true })?.ino === this.#inode;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function makeOurs(path: string, within: string, uid: number): void {
  makeFolder(path);
  const why = whyNotOurs(path, uid);
  if (why !== undefined) throw new Error(`${why} (in ${within})`);
}

/** Those of servers that were killed. One that answers is left alone, whatever its name says. */
function removeStale(folder: string): void {
  const files = readdirSync(folder).filter((file) => pidOfSocket(file) !== undefined);
  for (const file of files.slice(0, MOST_STALE)) {
    const path = join(folder, file);
    try {
      if (!isAnswered(path)) unlinkSync(path);
    } catch {
      // Gone already, or not ours to remove.
    }
  }
}

function isAnswered(path: string): boolean {
  try {
    closeSync(connectUnix(path));
    return true;
  } catch (error) {
    return !(error instanceof PosixError) || error.code !== 'ECONNREFUSED';
  }
}

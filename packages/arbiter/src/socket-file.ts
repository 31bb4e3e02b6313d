import fs from 'node:fs';
import { basename } from 'node:path';
import { HeldFolder } from '@gunicorn-ts/posix';

/** The file of a unix socket that this server listens on. Anybody may remove it, or put another one in its place. */
export class SocketFile {
  readonly #path: string;
  readonly #identity: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#identity = this.#found();
  }

  /** Clients that use the path no longer reach our socket. */
  get gone(): boolean {
    return this.#identity !== undefined && this.#found() !== this.#identity;
  }

  /** Removes the file, unless it is somebody else's by now. */
  remove(): void {
    inOwnFolder(this.#path, (folder, name) => {
      if (this.#identity === undefined || identityOf(folder, name) === this.#identity)
        fs.rmSync(folder.at(name), { force: true });
    });
  }

  #found(): string | undefined {
    return inOwnFolder(this.#path, identityOf);
  }
}

/** A folder that is gone, or another one by now, holds nothing of ours. */
export function inOwnFolder<T>(path: string, use: (folder: HeldFolder, name: string) => T): T | undefined {
  let folder: HeldFolder;
  try {
    folder = HeldFolder.around(path);
  } catch {
    return undefined;
  }
  try {
    return use(folder, basename(path));
  } finally {
    folder.close();
  }
}

function identityOf(folder: HeldFolder, name: string): string | undefined {
  const stat = folder.lstat(name);
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

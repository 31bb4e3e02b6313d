import fs from 'node:fs';

/** The file of a unix socket that this server listens on. Anybody may remove it, or put another one in its place. */
export class SocketFile {
  readonly #path: string;
  readonly #identity: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(path);
  }

  /** Clients that use the path no longer reach our socket. */
  get gone(): boolean {
    return this.#identity !== undefined && identityOf(this.#path) !== this.#identity;
  }

  /** Removes the file, unless it is somebody else's by now. */
  remove(): void {
    if (!this.gone) fs.rmSync(this.#path, { force: true });
  }
}

function identityOf(path: string): string | undefined {
  const stat = fs.statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

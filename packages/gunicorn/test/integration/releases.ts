import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { Folder, startServer, type Server, type ServerOptions } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';

/** Folders of releases, and the link `current` that leads to one of them, as deployments have them. */
export class Releases {
  readonly folder: Folder;
  /** The link. */
  readonly current: string;

  constructor(t: ExecutionContext, files: (release: number) => Readonly<Record<string, string>>) {
    this.folder = new Folder({});
    t.teardown(() => this.folder.remove());
    this.current = this.folder.file('current');
    for (const release of [1, 2]) {
      for (const [name, text] of Object.entries(files(release)))
        this.folder.write(`releases/${release}/${name}`, text);
    }
    symlinkSync('releases/1', this.current);
  }

  /** Starts the server as a shell would that has gone to `cwd`. */
  start(t: ExecutionContext, cwd: string, options: ServerOptions): Promise<Server> {
    return startServer(t, { ...options, cwd, env: { PWD: cwd, ...options.env } });
  }

  switchTo(release: number | string): void {
    symlinkSync(`releases/${release}`, this.folder.file('new'));
    renameSync(this.folder.file('new'), this.current);
  }

  prune(release: number): void {
    rmSync(this.folder.file(`releases/${release}`), { recursive: true });
  }
}

import fs from 'node:fs';
import { join } from 'node:path';
import { groupFolders } from '@gunicorn-ts/posix';

/** Counts the kernel's out-of-memory kills in our control group, so that a SIGKILL can be explained. */
export class OutOfMemoryWatch {
  readonly #files: readonly string[];
  #seen: number;

  constructor(files: readonly string[] = filesThatCount()) {
    this.#files = files;
    this.#seen = this.#read();
  }

  /** True when there was such a kill since the last call. */
  happened(): boolean {
    const count = this.#read();
    const more = count > this.#seen;
    this.#seen = count;
    return more;
  }

  #read(): number {
    return this.#files.reduce((sum, file) => sum + killsIn(file), 0);
  }
}

/** That of the innermost group: what happens in a group above it concerns others too. */
function filesThatCount(): string[] {
  const [own] = groupFolders('memory');
  if (own === undefined) return [];
  return [join(own.folder, own.version === 2 ? 'memory.events' : 'memory.oom_control')];
}

function killsIn(file: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

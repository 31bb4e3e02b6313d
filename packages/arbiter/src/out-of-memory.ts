import fs from 'node:fs';

/** Counts the kernel's out-of-memory kills in our cgroup (v2), so that a SIGKILL can be explained. */
export class OutOfMemoryWatch {
  readonly #file: string | undefined;
  #seen: number;

  constructor(cgroup: string = ownCgroup()) {
    this.#file = cgroup === '' ? undefined : `/sys/fs/cgroup${cgroup}/memory.events`;
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
    if (this.#file === undefined) return 0;
    try {
      return Number(/^oom_kill (\d+)$/m.exec(fs.readFileSync(this.#file, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  }
}

function ownCgroup(): string {
  try {
    const unified = /^0::(.*)$/m.exec(fs.readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
    return unified === '/' ? '/.' : unified;
  } catch {
    return '';
  }
}

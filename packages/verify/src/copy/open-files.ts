import { openFiles } from './processes.ts';

/** How many files a process had open when it was looked at first, and last. */
export interface Growth {
  readonly pid: number;
  readonly first: number;
  readonly last: number;
}

/** Open files of the processes of a server, the arbiter and those of Python included, for as long as each lives. */
export class OpenFiles {
  readonly #growth: Map<number, Growth> = new Map();

  look(pids: readonly number[]): void {
    for (const pid of pids) {
      const last = openFiles(pid);
      if (last !== undefined)
        this.#growth.set(pid, { pid, first: this.#growth.get(pid)?.first ?? last, last });
    }
  }

  get growth(): readonly Growth[] {
    return [...this.#growth.values()];
  }
}

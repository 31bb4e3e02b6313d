import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import type { Logger } from '@gunicorn-ts/interface';
import { adoptsOrphans, processStat, reapChild } from '@gunicorn-ts/posix';

/**
 * Between two looks, in milliseconds. Node.js hears of children that were started before this class was, in the next turn
 * of its loop: what has ended and is still there then is not one of them.
 */
const LOOK_AGAIN_MS = 50;

/**
 * Takes the end of orphans that the kernel gave to the arbiter, as PID 1 of a container or as a subreaper: they would
 * stay defunct for as long as it runs. Each by its own id, since `waitpid(-1)` would take what Node waits for. Lives as
 * long as the process.
 */
export class OrphanReaper {
  readonly #log: () => Logger;
  readonly #own = new OwnChildren();
  #seen: ReadonlySet<number> = new Set();
  #timer: NodeJS.Timeout | undefined;

  /** Does nothing where orphans go to another process. */
  static startWhereNeeded(log: () => Logger): void {
    // At once, too: for what a script left behind before it became this process.
    if (adoptsOrphans()) new OrphanReaper(log).#lookSoon();
  }

  constructor(log: () => Logger) {
    this.#log = log;
    process.on('SIGCHLD', () => this.#lookSoon());
  }

  #lookSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#reap();
    }, LOOK_AGAIN_MS).unref();
  }

  #reap(): void {
    const ended = childrenOfThisThread().filter((pid) => hasEnded(pid) && !this.#own.has(pid));
    const news = ended.filter((pid) => !this.#seen.has(pid));
    for (const pid of ended) if (this.#seen.has(pid)) this.#take(pid);
    this.#seen = new Set(ended);
    if (news.length > 0) this.#lookSoon();
  }

  #take(pid: number): void {
    try {
      if (reapChild(pid)) this.#log().debug(`An orphan has ended (pid: ${pid})`);
    } catch {
      // ECHILD: somebody else has waited for it.
    }
  }
}

/**
 * Children that Node.js has started and waits for. However long that takes: the signal may have gone to a thread that gets
 * no processor for a while, and an end that is taken from Node here it never tells of, so that nobody would replace a
 * worker.
 */
export class OwnChildren {
  readonly #alive = new Set<ChildProcess>();

  constructor() {
    subscribe('child_process', (message) =>
      this.#add((message as { readonly process: ChildProcess }).process),
    );
  }

  has(pid: number): boolean {
    for (const child of this.#alive) {
      // It could not be started, and no end of it will be told. A listener for its error would hide that from others.
      if (child.pid === undefined) this.#alive.delete(child);
      else if (child.pid === pid) return true;
    }
    return false;
  }

  #add(child: ChildProcess): void {
    this.#alive.add(child);
    child.once('exit', () => this.#alive.delete(child));
  }
}

/** Orphans go to the main thread; children of other threads are listed with those. */
function childrenOfThisThread(): number[] {
  try {
    return fs.readFileSync('/proc/thread-self/children', 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return childrenByTheirParent();
  }
}

/** A kernel without CONFIG_PROC_CHILDREN. */
function childrenByTheirParent(): number[] {
  if (!fs.existsSync('/proc')) return [];
  const processes = fs.readdirSync('/proc').map(Number).filter(Number.isInteger);
  return processes.filter((pid) => processStat(pid)?.parent === process.pid);
}

function hasEnded(pid: number): boolean {
  return processStat(pid)?.state === 'Z';
}

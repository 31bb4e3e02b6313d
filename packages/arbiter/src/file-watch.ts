import fs from 'node:fs';
import path from 'node:path';
import type { Settings } from '@gunicorn-ts/interface';

const POLL_MS = 1000;
/** An editor writes a file in several steps; they count as one change. */
const SETTLE_MS = 50;
/** A folder may never come to rest: the access log of a busy server may lie in it. */
const LONGEST_SETTLE_MS = 500;
/** All are looked at once a second; a worker that names more is not to be believed. */
const MOST_FILES = 50_000;
const PATTERN = /[*?[]/;

/** Notices changes of the files that workers loaded, for `reload`. Lives in the arbiter. */
export class FileWatch {
  readonly #onChange: (files: readonly string[]) => void;
  readonly #files: Set<string> = new Set();
  readonly #directories: Map<string, fs.FSWatcher> = new Map();
  /** Changed before they were looked at for the first time: what runs may be what stood there before. */
  #late: string[] = [];
  #patterns: readonly string[] = [];
  #seen: Map<string, string> = new Map();
  #poll: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;
  #unsettledSince: number | undefined;
  #engine: 'poll' | 'inotify' = 'poll';

  constructor(onChange: (files: readonly string[]) => void) {
    this.#onChange = onChange;
  }

  /** Starts, or follows changed settings. Files that were added stay. */
  configure(settings: Pick<Settings, 'reloadEngine' | 'reloadExtraFiles'>): void {
    clearInterval(this.#poll);
    this.#patterns = settings.reloadExtraFiles;
    this.#engine = settings.reloadEngine === 'poll' ? 'poll' : 'inotify';
    if (this.#engine === 'poll') this.#startPolling();
    this.#follow(this.#expanded());
  }

  /** @param loadedSince when reading them began at the earliest, in milliseconds of `Date.now()` */
  add(files: readonly string[], loadedSince: number = Date.now()): void {
    const fresh = files.filter((file) => !this.#files.has(file)).slice(0, MOST_FILES - this.#files.size);
    for (const file of fresh) this.#files.add(file);
    if (fresh.length === 0) return;
    this.#follow(fresh);
    this.#late.push(...changedSince(fresh, loadedSince));
    if (this.#late.length > 0) this.#compareSoon();
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
    for (const watcher of this.#directories.values()) watcher.close();
    this.#directories.clear();
  }

  #follow(files: readonly string[]): void {
    for (const [file, stamp] of stampsOf(files)) if (!this.#seen.has(file)) this.#seen.set(file, stamp);
    if (this.#engine === 'inotify') this.#watchDirectories();
  }

  #startPolling(): void {
    this.#poll = setInterval(() => this.#compare(), POLL_MS);
  }

  /** Directories and not files are watched: many editors replace a file, and the watch would stay with the old one. */
  #watchDirectories(): void {
    for (const file of this.#expanded()) {
      const directory = path.dirname(file);
      if (this.#directories.has(directory)) continue;
      try {
        const watcher = fs.watch(directory, () => this.#compareSoon());
        watcher.on('error', () => this.#fallBack());
        this.#directories.set(directory, watcher);
      } catch {
        this.#fallBack();
        return;
      }
    }
  }

  /** The kernel's limit of watches is reached, or the file system has none: looking is always possible. */
  #fallBack(): void {
    this.close();
    this.#engine = 'poll';
    this.#startPolling();
  }

  #compareSoon(): void {
    clearTimeout(this.#settle);
    const now = performance.now();
    this.#unsettledSince ??= now;
    const restMs = Math.max(0, this.#unsettledSince + LONGEST_SETTLE_MS - now);
    this.#settle = setTimeout(() => this.#compare(), Math.min(SETTLE_MS, restMs));
  }

  #compare(): void {
    this.#unsettledSince = undefined;
    const now = stampsOf(this.#expanded());
    const changed = [...now].filter(([file, stamp]) => this.#seen.get(file) !== stamp).map(([file]) => file);
    const vanished = [...this.#seen.keys()].filter((file) => !now.has(file));
    this.#seen = now;
    const files = [...new Set([...this.#late, ...changed, ...vanished])];
    this.#late = [];
    if (files.length > 0) this.#onChange(files);
  }

  #expanded(): string[] {
    const extra = this.#patterns.flatMap((pattern) =>
      PATTERN.test(pattern) ? fs.globSync(pattern) : [pattern],
    );
    return [...this.#files, ...extra.map((file) => path.resolve(file))];
  }
}

function stampsOf(files: readonly string[]): Map<string, string> {
  const stamps = new Map<string, string>();
  for (const file of files) {
    try {
      const stat = fs.statSync(file);
      const { dev, ino, mtimeMs, size } = stat;
      // A folder is watched for the link that leads to it, and not for what is written there.
      stamps.set(file, stat.isDirectory() ? `${dev}:${ino}` : `${mtimeMs}:${size}:${ino}`);
    } catch {
      // Not there, or not to be seen: it has no stamp, and appears or vanishes by that.
    }
  }
  return stamps;
}

/**
 * The change time and not that of the content, which tools that copy files set back. Of one in the future a clock is
 * wrong, and it would be changed for ever.
 */
function changedSince(files: readonly string[], time: number): string[] {
  const now = Date.now();
  return files.filter((file) => {
    try {
      const stat = fs.statSync(file);
      return stat.isFile() && stat.ctimeMs > time && stat.ctimeMs <= now;
    } catch {
      return false;
    }
  });
}

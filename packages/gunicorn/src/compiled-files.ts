import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Longer than between two starts of most servers, in milliseconds. */
const UNUSED_MS = 30 * 24 * 3_600_000;
/** Several applications with all their packages. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * As Node.js names what it keeps: `v24.1.0-x64-c6808a15-1000/d95d5b69`. The folder may be older than the server, or a link
 * to another: nothing else in it is ours to remove.
 */
const KEPT_FOLDER = /^v\d+\.\d+\.\d+\S*-[0-9a-f]+(?:-\d+)?$/;
const KEPT_FILE = /^[0-9a-f]{8}(?:\.\w+)*$/;

/** A file of compiled code. */
export interface CompiledFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was read or written last. */
  readonly usedMs: number;
}

/**
 * Node.js never removes what it has kept, and each release of an application is other files: those that were not used
 * for a month go, and of the rest the ones that were used longest ago, until they are no more than 256 MB.
 */
export function outdated(files: readonly CompiledFile[], nowMs: number): readonly CompiledFile[] {
  let left = MOST_BYTES;
  return [...files]
    .sort((a, b) => b.usedMs - a.usedMs)
    .filter(({ bytes, usedMs }) => nowMs - usedMs > UNUSED_MS || (left -= bytes) < 0);
}

/** Where another process is faster, or the folder is gone, there is nothing left to do. */
export async function tidyCompiled(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: CompiledFile[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const facts =
      entry.isFile() && isKept(folder, path) ? await stat(path).catch(() => undefined) : undefined;
    if (facts !== undefined)
      files.push({ path, bytes: facts.size, usedMs: Math.max(facts.atimeMs, facts.mtimeMs) });
  }
  for (const { path } of outdated(files, Date.now())) await unlink(path).catch(() => undefined);
}

/** Whether Node.js has put this file into the folder. */
export function isKept(folder: string, path: string): boolean {
  const parent = dirname(path);
  return dirname(parent) === folder && KEPT_FOLDER.test(basename(parent)) && KEPT_FILE.test(basename(path));
}

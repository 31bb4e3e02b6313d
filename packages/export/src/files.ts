import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { ExportedFile } from '@gunicorn-ts/interface';
import { exportFileError } from './errors.ts';

/**
 * Writes the files: all of them beside their places first, then each is renamed, so that none is ever half there.
 * @throws {OperatorError} `ERR_EXPORT_FILE`; then no file was changed, unless the renaming itself failed
 */
export function writeFiles(folder: string, files: readonly ExportedFile[]): readonly string[] {
  const drafts: { readonly beside: string; readonly place: string }[] = [];
  let current = folder;
  try {
    makeFolder(folder);
    for (const { name, text } of files) {
      current = path.join(folder, name);
      if (statSync(current, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
      mkdirSync(path.dirname(current), { recursive: true });
      const beside = path.join(path.dirname(current), `.${path.basename(name)}.${randomUUID()}`);
      const fd = openSync(beside, 'wx', 0o644);
      drafts.push({ beside, place: current });
      try {
        writeFileSync(fd, text);
        // A umask may have taken from it what systemd's manager of another user needs. Not by its name, which in a
        // folder of somebody else may mean another file by now.
        fchmodSync(fd, 0o644);
      } finally {
        closeSync(fd);
      }
    }
    for (const { beside, place } of drafts) {
      current = place;
      renameSync(beside, place);
    }
  } catch (error) {
    for (const { beside } of drafts) rmSync(beside, { force: true });
    throw exportFileError(current, 'written', error);
  }
  return drafts.map(({ place }) => place);
}

/** With those above it, a level at a time: Node's own way to make several never ends below `/proc`. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const above = path.dirname(folder);
    if (code !== 'ENOENT' || above === folder) throw error;
    makeFolder(above);
    mkdirSync(folder);
  }
}

/**
 * What differs from the files in a folder, a line a difference.
 * @throws {OperatorError} `ERR_EXPORT_FILE` when the folder or a file cannot be read
 */
export function compareFiles(folder: string, files: readonly ExportedFile[]): readonly string[] {
  try {
    statSync(folder);
  } catch (error) {
    throw exportFileError(folder, 'read', error);
  }
  return files.flatMap(({ name, text }) => {
    const place = path.join(folder, name);
    const installed = read(place);
    if (installed === undefined) return [`${place} is missing`];
    return differences(installed, text).map((line) => `${place}: ${line}`);
  });
}

function read(place: string): string | undefined {
  try {
    return readFileSync(place, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw exportFileError(place, 'read', error);
  }
}

/** Lines that only one of the two has: `-` is installed, `+` is what the settings say. */
function differences(installed: string, wanted: string): string[] {
  const [before, after] = [installed, wanted].map((text) => text.split('\n').filter((line) => line !== ''));
  return [
    ...onlyIn(before!, after!).map((line) => `- ${line}`),
    ...onlyIn(after!, before!).map((line) => `+ ${line}`),
  ];
}

function onlyIn(lines: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}

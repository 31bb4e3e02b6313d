import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportFileError } from './errors.ts';

/** A file that was asked for. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Writes the files, each whole or not at all: beside its place first, then renamed. When one cannot be written,
 * those before it are.
 * @throws {OperatorError} `ERR_EXPORT_FILE`
 */
export function writeFiles(folder: string, files: readonly ExportedFile[]): readonly string[] {
  makeFolder(folder);
  return files.map(({ name, text }) => {
    const place = path.join(folder, name);
    const beside = path.join(folder, `.${name}.${process.pid}`);
    try {
      writeFileSync(beside, text, { mode: 0o644, flag: 'wx' });
      renameSync(beside, place);
    } catch (error) {
      rmSync(beside, { force: true });
      throw exportFileError(place, 'written', error);
    }
    return place;
  });
}

/** One level: Node looks for a parent that can be made for ever where none can, as in `/proc`. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw exportFileError(folder, 'made', error);
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

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** A folder as far as it tells what is in it: texts are read when they are asked for. */
export interface Project {
  /** Of the folder. */
  readonly name: string;
  /** Of its files and folders, whatever they are, without those below. */
  readonly names: readonly string[];
  /** Paths of files from the folder, with `/`, at most three folders deep, without what others installed. */
  readonly paths: readonly string[];
  readonly read: (path: string) => string;
}

const FOREIGN =
  /^(?:node_modules|\..*|venv|env|virtualenv|__pycache__|site-packages|dist-info|build|coverage)$/;
const DEEPEST = 3;
/** More than a project has that is written by hand; a home folder has them. */
const MOST_FILES = 5000;

/** Looks at a folder. What may not be read is passed over. */
export function readProject(folder: string): Project {
  const paths: string[] = [];
  const visit = (inside: string, depth: number): void => {
    for (const entry of entriesOf(join(folder, inside))) {
      if (paths.length >= MOST_FILES) return;
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isFile()) paths.push(path);
      else if (entry.isDirectory() && depth < DEEPEST && !FOREIGN.test(entry.name)) visit(path, depth + 1);
    }
  };
  visit('', 0);
  return {
    name: basename(resolve(folder)),
    names: entriesOf(folder)
      .map((entry) => entry.name)
      .sort(),
    paths: paths.sort(),
    read: (path) => readText(join(folder, path)),
  };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

const LONGEST_BYTES = 1_000_000;

function readText(path: string): string {
  try {
    return statSync(path).size > LONGEST_BYTES ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

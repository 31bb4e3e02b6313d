import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's root folder. */
export const ROOT: string = join(import.meta.dirname, '../../..');

/** What the scripts read of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly main?: string;
  readonly types?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly os?: readonly string[];
  readonly sideEffects?: boolean | readonly string[];
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One package of the workspace. */
export interface Member {
  /** `packages/http` */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package below these top-level folders, in the order of their paths. */
export function members(...tops: readonly string[]): readonly Member[] {
  return globSync(
    tops.map((top) => `${top}/*/package.json`),
    { cwd: ROOT },
  )
    .sort()
    .map((path) => ({ folder: dirname(path), manifest: JSON.parse(read(path)) as Manifest }));
}

/** Paths, from the root, of every file that is or would be committed. */
export function committedFiles(): readonly string[] {
  // A checkout may belong to another user than the one who tests it, which git refuses without the option.
  const list = execFileSync(
    'git',
    [
      '-c',
      'safe.directory=*',
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      '--deduplicate',
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const removed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--deleted'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const gone = new Set(removed.split('\0'));
  return list.split('\0').filter((path) => path !== '' && !gone.has(path));
}

/** Text of a file, its path taken from the root. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

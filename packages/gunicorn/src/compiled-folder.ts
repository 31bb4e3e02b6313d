import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { LifecycleSubscriber } from '@gunicorn-ts/interface';

const NAME = 'gunicorn-ts';
/** Only we get in: compiled code is executed as it is. */
const MODE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;
/** Of a folder in which only its owner may rename or remove what is his (unlink(2)): `/tmp`. */
const STICKY = 0o1000;

const TIDY_AFTER_MS = 60_000;

/** What decides whether a folder is trusted. */
export interface FolderFacts {
  readonly isFolder: boolean;
  readonly owner: number;
  readonly mode: number;
}

/** A folder that is there, or is not, and those that may be made in it, one in the other. */
export interface Place {
  readonly base: string;
  readonly below: readonly string[];
}

/**
 * Has Node.js keep the code that this process compiles, and take what earlier ones have kept: modules, and TypeScript
 * without its types, which costs a process that starts more than all else. Returns the folder, for the workers;
 * `undefined` where there is none that can be trusted, or where the environment decides on it.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): string | undefined {
  // Coverage counts less exactly in functions that are not compiled anew.
  if (isSet(env['NODE_COMPILE_CACHE']) || isSet(env['NODE_V8_COVERAGE'])) return undefined;
  const uid = process.geteuid?.();
  if (uid === undefined) return undefined;
  for (const place of compiledPlaces(env)) {
    const folder = openPrivate(place, uid);
    if (folder === undefined) continue;
    enableCompileCache(folder);
    return folder;
  }
  return undefined;
}

/** Once the server has started, and is not one that ends at once, what nobody uses any more is removed. */
export function keepTidy(folder: string | undefined): LifecycleSubscriber {
  return ({ moment }) => {
    if (moment !== 'ready' || folder === undefined) return;
    setTimeout(() => {
      void import('./compiled-files.ts').then(({ tidyCompiled }) => tidyCompiled(folder));
    }, TIDY_AFTER_MS).unref();
  };
}

/** Where what can be made again is kept: what a unit of systemd names (`CacheDirectory=`), else the user's own place. */
export function compiledPlaces(env: NodeJS.ProcessEnv): readonly Place[] {
  const [ofUnit] = (env['CACHE_DIRECTORY'] ?? '').split(':');
  const given = env['XDG_CACHE_HOME'] ?? '';
  // XDG Base Directory Specification: what is not absolute is to be ignored.
  const [own, below] = isAbsolute(given) ? [given, [NAME]] : [env['HOME'] ?? '', ['.cache', NAME]];
  const places: readonly Place[] = [
    { base: ofUnit ?? '', below: [NAME] },
    { base: own, below },
  ];
  return places.filter(({ base }) => isAbsolute(base));
}

/**
 * Whether nobody but this user and root can put anything into the last of these folders, each in the one before it, or
 * another one in its place.
 */
export function isPrivate(folders: readonly FolderFacts[], uid: number): boolean {
  const last = folders.length - 1;
  return folders.every(({ isFolder, owner, mode }, index) => {
    const isClosed = (mode & WRITABLE_BY_OTHERS) === 0 || (index < last && (mode & STICKY) !== 0);
    return isFolder && (owner === uid || owner === 0) && isClosed;
  });
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '';
}

/** Nothing is made in a folder of others: under sudo the home may be another user's. */
function openPrivate({ base, below }: Place, uid: number): string | undefined {
  try {
    let folder = realpathSync(base);
    for (const name of ['', ...below]) {
      if (name !== '') folder = made(join(folder, name));
      if (!isPrivate(foldersTo(folder), uid)) return undefined;
    }
    return folder;
  } catch {
    // Not there and not to be made: each process compiles for itself, as without a cache.
    return undefined;
  }
}

function made(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    mkdirSync(folder, { mode: MODE });
    return realpathSync(folder);
  }
}

function foldersTo(folder: string): readonly FolderFacts[] {
  const facts: FolderFacts[] = [];
  for (let each = folder; ; each = dirname(each)) {
    const stats = lstatSync(each);
    facts.unshift({ isFolder: stats.isDirectory(), owner: stats.uid, mode: stats.mode });
    if (each === dirname(each)) return facts;
  }
}

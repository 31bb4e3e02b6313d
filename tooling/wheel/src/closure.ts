import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** What is read of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** A package that a server loads at run time. */
export interface RuntimePackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Packages and what they need at run time, each once, by name. Of optional ones those of this repository: for what koffi
 * has for each platform there is one place, {@link Platform}.
 * @throws {Error} when two versions of one package are needed, which one folder cannot hold
 */
export function runtimeClosure(roots: readonly string[]): ReadonlyMap<string, RuntimePackage> {
  const found = new Map<string, RuntimePackage>();
  const visit = (folder: string): void => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const before = found.get(manifest.name);
    if (before?.folder === folder) return;
    if (before !== undefined) {
      throw new Error(
        `there are two of ${manifest.name}, ${before.folder} and ${folder}; have all need one version`,
      );
    }
    found.set(manifest.name, { folder, manifest });
    const optional = Object.keys(manifest.optionalDependencies ?? {}).filter((name) => isOwn(name));
    for (const name of [...Object.keys(manifest.dependencies ?? {}), ...optional])
      visit(neededBy(folder, name));
  };
  for (const root of roots) visit(realpathSync(root));
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function neededBy(folder: string, name: string): string {
  const found = findInstalled(name, folder);
  if (found === undefined)
    throw new Error(`${name}, which ${folder} needs, is not installed; run pnpm install`);
  return found;
}

/** Whether a package is built here. */
export function isOwn(name: string): boolean {
  return name === 'gunicorn-ts' || name.startsWith('@gunicorn-ts/');
}

/** The folder of a package as another one finds it; `undefined` when it is not installed. */
export function findInstalled(name: string, from: string): string | undefined {
  try {
    const file = findPackageJSON(name, join(from, 'package.json'));
    return file === undefined ? undefined : realpathSync(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

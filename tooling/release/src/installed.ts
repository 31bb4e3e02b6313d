import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageManifest } from './manifest.ts';

/** A package in a `node_modules`. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly bytes: number;
}

/** Every package that an installation brought, wherever its package manager put it; each version once. */
export function installedIn(project: string): readonly Installed[] {
  const found = new Map<string, Installed>();
  visit(join(project, 'node_modules'), found);
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function visit(modules: string, found: Map<string, Installed>): void {
  for (const entry of entriesOf(modules)) {
    if (entry === '.pnpm') {
      for (const store of entriesOf(join(modules, entry)))
        visit(join(modules, entry, store, 'node_modules'), found);
    } else if (entry.startsWith('@')) {
      for (const inner of entriesOf(join(modules, entry))) take(join(modules, entry, inner), found);
    } else if (!entry.startsWith('.')) take(join(modules, entry), found);
  }
}

function take(folder: string, found: Map<string, Installed>): void {
  // pnpm has the packages themselves in its store, and links elsewhere.
  if (lstatSync(folder).isSymbolicLink() && !realpathSync(folder).includes('node_modules')) return;
  const real = realpathSync(folder);
  const { name, version, license } = JSON.parse(
    readFileSync(join(real, 'package.json'), 'utf8'),
  ) as PackageManifest;
  const key = `${name}@${version}`;
  if (found.has(key)) return;
  found.set(key, { name, version, license: license ?? 'none', bytes: weigh(real) });
  visit(join(real, 'node_modules'), found);
}

function weigh(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') bytes += weigh(path);
    else if (entry.isFile()) bytes += lstatSync(path).size;
  }
  return bytes;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (/^ENO(?:ENT|TDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** What an installation must bring and what it may weigh. */
export interface Asked {
  /** Names of the packages, but for those that carry the binary of one platform. */
  readonly packages: readonly string[];
  readonly megabytes: number;
}

/** The name without the platform: koffi has a package for each, and one of them is installed. */
export function isOfPlatform(name: string): boolean {
  return name.startsWith('@koromix/koffi-');
}

/** How an installation differs from what was asked for, as sentences. */
export function installationProblems(installed: readonly Installed[], asked: Asked): readonly string[] {
  const names = new Set(installed.map(({ name }) => name).filter((name) => !isOfPlatform(name)));
  const wanted = new Set(asked.packages);
  const megabytes = weightOf(installed);
  const platforms = installed.filter(({ name }) => isOfPlatform(name));
  return [
    ...[...names].filter((name) => !wanted.has(name)).map((name) => `brings ${name}, which nobody asked for`),
    ...[...wanted].filter((name) => !names.has(name)).map((name) => `does not bring ${name}`),
    ...(platforms.length > 1 ? [`brings binaries of ${platforms.length} platforms`] : []),
    ...(megabytes > asked.megabytes
      ? [`weighs ${megabytes.toFixed(1)} MB, more than the ${asked.megabytes} that are allowed`]
      : []),
  ];
}

/** Megabytes of all files. */
export function weightOf(installed: readonly Installed[]): number {
  return installed.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
}

/** Licences under which others may pass the packages on without more than a notice. */
const PERMISSIVE = /^(?:MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0)$/;

/** Packages whose licence asks for more than a notice, or which have none. */
export function licenceProblems(installed: readonly Installed[]): readonly string[] {
  return installed
    .filter(({ license }) => !PERMISSIVE.test(license))
    .map(({ name, license }) => `${name} has the licence ${license}`);
}

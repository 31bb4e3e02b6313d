import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOwn, type RuntimePackage } from './closure.ts';
import type { WheelFile } from './wheel-file.ts';

/** What Node.js and Python load. Types, sources and maps are for those who develop. */
const LOADED = /\.(?:[cm]?js|json|node|py)$/;
const FOR_DEVELOPERS =
  /(?:^|\/)(?:(?:tests?|docs?|benchmarks?|examples?|node_modules)\/|(?:[^/]+\.)?(?:test|bench)\.[cm]?js$)/;
const LICENSE = /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i;

/** The files of a package that a server loads, by their path in it. `only` chooses among those that differ by platform. */
export function packageFiles(
  { folder, manifest }: RuntimePackage,
  only?: RegExp,
): ReadonlyMap<string, WheelFile> {
  const files = new Map<string, WheelFile>([['package.json', text(runtimeManifest(manifest))]]);
  for (const path of listed(folder, isOwn(manifest.name) ? (manifest.files ?? []) : ['**'])) {
    if (path === 'package.json' || !LOADED.test(path) || FOR_DEVELOPERS.test(path)) continue;
    if (path.endsWith('.node') && only?.test(path) === false) continue;
    files.set(path, { data: readFileSync(join(folder, path)), isExecutable: path.endsWith('.node') });
  }
  return files;
}

/** The texts of its licence, by file name. */
export function licenceFiles({ folder }: RuntimePackage): ReadonlyMap<string, WheelFile> {
  return new Map(
    listed(folder, ['*'])
      .filter((path) => LICENSE.test(path))
      .map((path) => [path, { data: readFileSync(join(folder, path)) }]),
  );
}

/** The files behind patterns as `files` of a `package.json` has them, where a folder means all that is in it. */
function listed(folder: string, patterns: readonly string[]): readonly string[] {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const expanded = wanted
    // Sources of the bundles.
    .filter((pattern) => pattern !== 'src')
    .map((pattern) =>
      statSync(join(folder, pattern), { throwIfNoEntry: false })?.isDirectory() === true
        ? `${pattern}/**`
        : pattern,
    );
  return globSync(expanded, { cwd: folder, exclude: unwanted })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

/** What Node.js asks of it, without the words of a package manager. */
function runtimeManifest({
  name,
  version,
  type,
  main,
  module,
  exports,
  license,
  engines,
}: RuntimePackage['manifest']): string {
  return `${JSON.stringify({ name, version, license, type, main, module, exports, engines }, null, 2)}\n`;
}

/** A file of text. */
export function text(content: string): WheelFile {
  return { data: Buffer.from(content) };
}

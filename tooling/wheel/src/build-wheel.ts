import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOwn, runtimeClosure, type RuntimePackage } from './closure.ts';
import { koffiBinary, koffiOf } from './koffi-binary.ts';
import { distInfoFiles, distInfoOf } from './metadata.ts';
import { licenceFiles, packageFiles, text } from './package-files.ts';
import { type Platform, PLATFORMS } from './platform.ts';
import { pythonVersion } from './python-version.ts';
import { packWheel, type WheelFile } from './wheel-file.ts';

const HERE = join(import.meta.dirname, '..');
const ROOT = join(HERE, '../..');
const MODULE = 'gunicorn_ts';
const MODULES = `${MODULE}/server/node_modules`;

/** A wheel, ready to be written. */
export interface Wheel {
  readonly name: string;
  readonly data: Buffer;
}

/** The command, and what it finds where it is installed: there is no npm beside it to bring that. */
const PACKAGES = ['gunicorn', 'python', 'container', 'kubernetes', 'verify'];

/**
 * Makes the wheel for a platform of what `pnpm build` left in the packages.
 * @param epochS time of the files, in seconds since 1970
 * @throws {Error} when the packages are not built, or a binary cannot be had
 */
export function buildWheel(platformName: string, epochS?: number): Wheel {
  const platform = PLATFORMS[platformName];
  if (platform === undefined) {
    throw new Error(
      `there is no platform ${platformName}; write one of ${Object.keys(PLATFORMS).join(', ')}`,
    );
  }
  const packages = runtimeClosure(PACKAGES.map((name) => join(ROOT, 'packages', name)));
  const command = packages.get('gunicorn-ts')!;
  const version = pythonVersion(command.manifest.version);
  const distInfo = distInfoOf(version);
  const tag = `py3-none-${platform.tag}`;
  const files = new Map<string, WheelFile>([
    ...launcher(platform, command),
    ...server(packages, platform),
    ...distInfoFiles({
      version,
      tag,
      summary:
        'A pre-fork server for WSGI and ASGI with the command line of Gunicorn: for Django, Flask, FastAPI and others.',
      readme: readFileSync(join(HERE, 'python/README.md'), 'utf8'),
      license: licenseOf(packages),
      licences: licencesOf(packages),
    }),
  ]);
  return { name: `${MODULE}-${version}-${tag}.whl`, data: packWheel(files, distInfo, epochS) };
}

function launcher(platform: Platform, { manifest }: RuntimePackage): [string, WheelFile][] {
  const folder = join(HERE, 'python');
  const written = globSync(`${MODULE}/*.py`, { cwd: folder }).map((path): [string, WheelFile] => [
    path,
    { data: readFileSync(join(folder, path)) },
  ]);
  return [...written, [`${MODULE}/built_for.py`, text(builtFor(platform, manifest.engines?.['node'] ?? ''))]];
}

function builtFor({ system, machine }: Platform, engine: string): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(engine) ?? [];
  if (major === undefined)
    throw new Error(`engines.node of gunicorn-ts is ${engine}; write one such as >=22.20`);
  return [
    '"""What this wheel was built for: written by the build."""',
    '',
    `SYSTEM = "${system}"`,
    `MACHINE = "${machine}"`,
    `# The oldest Node.js that the server runs on.`,
    `NODE = (${major}, ${minor})`,
    '',
  ].join('\n');
}

/** The packages side by side, as npm would install them. */
function server(packages: ReadonlyMap<string, RuntimePackage>, platform: Platform): [string, WheelFile][] {
  const binary = packageFiles(
    koffiBinary(platform.koffi, posixOf(packages)),
    new RegExp(`^${platform.koffiFolder}/`),
  );
  if (![...binary.keys()].some((path) => path.endsWith('.node'))) {
    throw new Error(
      `${platform.koffi} has no ${platform.koffiFolder}/koffi.node; look at what it has, and correct PLATFORMS`,
    );
  }
  const all = [
    ...[...packages].map(([name, one]) => [name, builtFiles(one)] as const),
    [platform.koffi, binary] as const,
  ];
  return all.flatMap(([name, files]) =>
    [...files].map(([path, file]): [string, WheelFile] => [`${MODULES}/${name}/${path}`, file]),
  );
}

/** The package that loads koffi's binary. */
function posixOf(packages: ReadonlyMap<string, RuntimePackage>): RuntimePackage {
  return packages.get('@gunicorn-ts/posix')!;
}

function builtFiles(one: RuntimePackage): ReadonlyMap<string, WheelFile> {
  const files = packageFiles(one);
  if (isOwn(one.manifest.name) && !files.has('dist/index.js')) {
    throw new Error(`${one.manifest.name} is not built; run pnpm build`);
  }
  return files;
}

/** One expression for all that is in the wheel. */
function licenseOf(packages: ReadonlyMap<string, RuntimePackage>): string {
  return [...new Set([...packages.values()].map(({ manifest }) => manifest.license ?? 'MIT'))]
    .sort()
    .join(' AND ');
}

/** The licence of this repository, and those of the packages of others, each in a folder of its name. */
function licencesOf(packages: ReadonlyMap<string, RuntimePackage>): ReadonlyMap<string, WheelFile> {
  const licences = new Map<string, WheelFile>([['LICENSE', { data: readFileSync(join(ROOT, 'LICENSE')) }]]);
  for (const [name, one] of [...packages, ['koffi', koffiOf(posixOf(packages))] as const]) {
    if (isOwn(name)) continue;
    const found = licenceFiles(one);
    if (found.size === 0) throw new Error(`${name} has no text of its licence; look at where it has it`);
    for (const [path, file] of found) licences.set(`${name}/${path}`, file);
  }
  return licences;
}

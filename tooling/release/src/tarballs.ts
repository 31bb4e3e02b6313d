import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { committedFiles, ROOT } from '@gunicorn-ts/scripts';
import { type PackageManifest, publishedManifest } from './manifest.ts';

/** A package as the registry gets it. */
export interface Tarball {
  readonly path: string;
  readonly manifest: PackageManifest;
  /** Paths of its files, without the leading `package/`. */
  readonly files: readonly string[];
  readonly bytes: Buffer;
}

/** What is needed to version and pack: no docs, no tests, no tooling. */
const NEEDED =
  /^(?:package\.json|pnpm-workspace\.yaml|pnpm-lock\.yaml|LICENSE|\.changeset\/.*|packages\/(?!.*\/(?:test|fuzz)\/).*)$/;

/**
 * A copy of the packages, built, in which the waiting changesets have become versions and changelogs, as a release
 * makes them. The checkout stays as it is.
 */
export function versionedCopy(folder: string, repository: string): void {
  for (const path of committedFiles().filter((one) => NEEDED.test(one))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  for (const path of globSync('packages/*/{dist,node_modules/@gunicorn-ts}', { cwd: ROOT })) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true, verbatimSymlinks: true });
  }
  const waiting = globSync('.changeset/*.md', { cwd: folder });
  if (waiting.length > 0) {
    // The changelogs are written from the notes; git would be asked for who wrote them, by other settings than ours.
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    run(join(ROOT, 'node_modules/.bin/changeset'), ['version'], folder);
  }
  for (const path of globSync('packages/*/package.json', { cwd: folder })) {
    const manifest = JSON.parse(readFileSync(join(folder, path), 'utf8')) as PackageManifest;
    const published = publishedManifest(manifest, { repository, folder: dirname(path) });
    writeFileSync(join(folder, path), `${JSON.stringify(published, null, 2)}\n`);
  }
}

/** Packs every package of a copy into a folder. */
export function packAll(copy: string, into: string): readonly Tarball[] {
  mkdirSync(into, { recursive: true });
  const only = ['--filter', './packages/*'];
  run('pnpm', [...only, '--recursive', 'pack', '--pack-destination', into], copy);
  return globSync('*.tgz', { cwd: into })
    .sort()
    .map((name) => readTarball(join(into, name)));
}

/** Reads a tarball without unpacking it anywhere. */
export function readTarball(path: string): Tarball {
  const listed = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' }).trim().split('\n');
  const manifest = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
  return {
    path,
    manifest: JSON.parse(manifest) as PackageManifest,
    files: listed.map((file) => file.replace(/^package\//, '')).filter((file) => !file.endsWith('/')),
    bytes: readFileSync(path),
  };
}

/** Subresource Integrity of a tarball, as registries give it. */
export function integrityOf({ bytes }: Tarball): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** What a tarball must hold, and what it must not. As sentences. */
export function contentProblems({ manifest, files, path }: Tarball): readonly string[] {
  const has = (file: string): boolean => files.includes(file);
  const unwanted = files.filter((file) =>
    /(?:^|\/)(?:test|fuzz)\/|\.tsbuildinfo$|^tsconfig|\.test\./.test(file),
  );
  const maps = files.filter((file) => file.endsWith('.map'));
  return [
    ...['README.md', 'LICENSE', 'CHANGELOG.md'].filter((file) => !has(file)).map((file) => `has no ${file}`),
    ...unwanted.map((file) => `carries ${file}`),
    ...(maps.length > 0 && !files.some((file) => file.startsWith('src/'))
      ? ['has source maps and not the sources that they lead to']
      : []),
  ].map((problem) => `${manifest.name} ${problem} (${basename(path)})`);
}

/** The environment of a package manager that is not to look at what is installed in this checkout. */
function run(program: string, args: readonly string[], cwd: string): void {
  const env = { ...process.env, CI: '1', pnpm_config_verify_deps_before_run: 'false' };
  try {
    execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const what = `${basename(program)} ${args.join(' ')} failed in ${existsSync(cwd) ? cwd : 'a missing folder'}`;
    throw new Error(`${what}:\n${stdout}${stderr}`, { cause: error });
  }
}

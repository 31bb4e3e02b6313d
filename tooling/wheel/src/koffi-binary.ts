import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findInstalled, type Manifest, type RuntimePackage } from './closure.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, '.cache/koffi');

/**
 * The package with koffi's binary for another platform than this one: as it is installed, or else fetched by npm and held
 * against the checksum of `pnpm-lock.yaml`.
 */
export function koffiBinary(name: string, posix: RuntimePackage): RuntimePackage {
  const folder = findInstalled(name, posix.folder) ?? fetched(name, koffiOf(posix).manifest.version);
  return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest };
}

/** koffi itself, which all binaries are of: installed for its types, and with the text of the licence. */
export function koffiOf(posix: RuntimePackage): RuntimePackage {
  const folder = findInstalled('koffi', posix.folder);
  if (folder === undefined)
    throw new Error('koffi, whose types posix needs, is not installed; run pnpm install');
  return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest };
}

function fetched(name: string, version: string): string {
  const folder = join(CACHE, `${name.replace('/', '+')}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    const packed = execFileSync('npm', ['pack', '--silent', `${name}@${version}`], {
      cwd: work,
      encoding: 'utf8',
    });
    const archive = join(work, packed.trim().split('\n').at(-1) ?? '');
    check(`${name}@${version}`, readFileSync(archive));
    execFileSync('tar', ['-xzf', archive, '-C', work]);
    renameSync(join(work, 'package'), folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function check(what: string, data: Buffer): void {
  const lock = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8');
  const at = lock.indexOf(`'${what}':\n`);
  const expected = at === -1 ? undefined : /integrity: (sha512-[\w+/=]+)/.exec(lock.slice(at, at + 400))?.[1];
  const found = `sha512-${createHash('sha512').update(data).digest('base64')}`;
  if (expected === found) return;
  throw new Error(
    `${what} is ${found}, and pnpm-lock.yaml says ${expected ?? 'nothing of it'}; run pnpm install, and look at what changed`,
  );
}

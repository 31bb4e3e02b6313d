import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@gunicorn-ts/scripts';

/** The version of a package that this repository is built and tested with; `undefined` for what it names no version of. */
export function catalogVersion(name: string): string | undefined {
  const catalog = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8');
  return new RegExp(`^  '?${name}'?: (\\S+)$`, 'm').exec(catalog)?.[1];
}

/**
 * Peers of our packages, as they are tested: what is tried are our own packages, and not whether the newest release of a
 * test runner can be installed today.
 */
export function testedPeers(): readonly string[] {
  return ['ava'].map((name) => `${name}@${catalogVersion(name) ?? 'latest'}`);
}

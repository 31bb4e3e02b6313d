import { existsSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { commandNotInstalled } from './errors.ts';

/** The package of the command, installed where the tests are run. */
export function commandPackage(folder: string = process.cwd()): string {
  const manifest = locate(folder);
  if (manifest === undefined) throw commandNotInstalled(folder);
  return dirname(manifest);
}

function locate(folder: string): string | undefined {
  try {
    return findPackageJSON('gunicorn-ts', join(folder, 'package.json'));
  } catch {
    return undefined;
  }
}

/** The folder `@gunicorn-ts` of what is installed with the command: within it or beside it, as the package manager has it. */
export function scopeOf(command: string): string {
  const real = realpathSync(command);
  const within = join(real, 'node_modules/@gunicorn-ts');
  return existsSync(within) ? within : join(dirname(real), '@gunicorn-ts');
}

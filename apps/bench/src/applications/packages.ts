import { createRequire } from 'node:module';
import { join } from 'node:path';

const VARIABLE = 'BENCH_PACKAGES';

/** Loads a package that was installed for the comparison, from the folder that {@link packagesAt} has named. */
export function load(name: string): unknown {
  return createRequire(join(process.env[VARIABLE] ?? process.cwd(), 'package.json'))(name);
}

/** The environment in which an application finds its packages. */
export function packagesAt(folder: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: folder };
}

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `file:` URL of a package that is installed beside the application or beside us; `undefined` when it is not. */
export function locatePackage(name: string, cwd: string): string | undefined {
  const ways = [
    () => pathToFileURL(createRequire(join(cwd, 'package.json')).resolve(name)).href,
    () => import.meta.resolve(name),
  ];
  for (const resolve of ways) {
    try {
      return resolve();
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

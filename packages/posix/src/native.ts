import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';
import { NativePackageMissingError } from './errors.ts';

/**
 * koffi, which calls functions of C. What does that is a file for each system, in a package of its own that holds nothing
 * else; the package `koffi` would choose among them, and brings an install script, at which pnpm refuses to install and
 * npm warns. So only its types are used.
 * @throws {NativePackageMissingError}
 */
export function loadNative({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>): typeof Koffi {
  const name = `@koromix/koffi-${platform}-${arch}`;
  try {
    return createRequire(import.meta.url)(name) as typeof Koffi;
  } catch (cause) {
    throw new NativePackageMissingError(name, cause);
  }
}

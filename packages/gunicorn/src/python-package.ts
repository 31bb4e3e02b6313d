import { importModule, type ReadPythonConfig, type TranslatePythonConfig } from '@gunicorn-ts/config';
import type { InstalledLoader, Loader } from '@gunicorn-ts/interface';
import { locatePackage } from './installed-package.ts';

/** What the command uses of `@gunicorn-ts/python`. */
interface PythonPackage {
  readonly readPythonConfig: ReadPythonConfig;
  readonly translatePythonConfig: TranslatePythonConfig;
  readonly loader: Loader;
}

const NAME = '@gunicorn-ts/python';

/** What is done with configuration in Python. */
export interface PythonConfig {
  readonly read: ReadPythonConfig;
  /** Says in TypeScript what the file computes. */
  readonly translate: TranslatePythonConfig;
}

/**
 * Reads configuration in Python by the package for it, installed beside the application or beside us; `undefined`
 * when it is not. The package is loaded at the first use, since most never need it.
 */
export function findPythonConfig(cwd: string): PythonConfig | undefined {
  const url = locatePackage(NAME, cwd);
  if (url === undefined) return undefined;
  const load = async (): Promise<PythonPackage> => (await importModule(url)) as unknown as PythonPackage;
  return {
    read: async (path, place) => (await load()).readPythonConfig(path, place),
    translate: async (path, place) => (await load()).translatePythonConfig(path, place),
  };
}

/** The loader of that package, when it is installed: it brings settings, so it is known before any are read. */
export async function findPythonLoader(cwd: string): Promise<readonly InstalledLoader[]> {
  const loaderModule = locatePackage(NAME, cwd);
  if (loaderModule === undefined) return [];
  const { loader } = (await importModule(loaderModule)) as unknown as PythonPackage;
  return [{ loader, loaderModule }];
}

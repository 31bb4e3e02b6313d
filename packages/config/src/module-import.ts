import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importFresh } from './fresh-import.ts';
import { importWithJiti, isTypeScriptLimit } from './jiti.ts';

/**
 * Imports a module by absolute path or `file:` URL: by Node itself, which strips types, and by jiti when the
 * file has syntax that Node cannot strip (enums, parameter properties), is TypeScript inside `node_modules`,
 * or is an ES module in a package that says CommonJS. With `fresh`, the file and what it imports by path are
 * read again. Throws whatever the module throws.
 */
export async function importModule(
  pathOrUrl: string,
  options: { readonly fresh?: boolean } = {},
): Promise<Record<string, unknown>> {
  const url = isAbsolute(pathOrUrl) ? pathToFileURL(pathOrUrl).href : pathOrUrl;
  if (options.fresh === true) return importFresh(fileURLToPath(url));
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (isTypeScriptLimit(error)) return importWithJiti(fileURLToPath(url));
    throw error;
  }
}

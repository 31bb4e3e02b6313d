import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** TypeScript that Node's type stripping refuses, and ES modules in what it takes for CommonJS. */
const LIMIT_CODES: ReadonlySet<unknown> = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNKNOWN_FILE_EXTENSION',
]);

/** True for an error that says "Node cannot read this file", where jiti can. */
export function isTypeScriptLimit(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (LIMIT_CODES.has((error as NodeJS.ErrnoException).code)) return true;
  return (
    error instanceof SyntaxError &&
    /Unexpected token 'export'|Cannot use import statement/.test(error.message)
  );
}

/**
 * Imports a module by absolute path or `file:` URL: by Node itself first, which strips types; by jiti when
 * the file has syntax that Node cannot strip (enums, parameter properties), is TypeScript inside
 * `node_modules`, or is an ES module in a package that says CommonJS. With `fresh`, by jiti with its module
 * cache off: the file and what it imports are read again. Throws whatever the module throws.
 */
export async function importModule(
  pathOrUrl: string,
  options: { readonly fresh?: boolean } = {},
): Promise<Record<string, unknown>> {
  const url = isAbsolute(pathOrUrl) ? pathToFileURL(pathOrUrl).href : pathOrUrl;
  if (options.fresh === true) return importWithJiti(fileURLToPath(url));
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (isTypeScriptLimit(error)) return importWithJiti(fileURLToPath(url));
    throw error;
  }
}

/** Imports by jiti. Without its disk cache, which is a folder in `/tmp` that anybody may write to. */
export async function importWithJiti(path: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, { moduleCache: false, fsCache: false, interopDefault: true });
  return jiti.import<Record<string, unknown>>(path);
}

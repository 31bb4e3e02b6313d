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

/** Imports by jiti. Without its disk cache, which is a folder in `/tmp` that anybody may write to. */
export async function importWithJiti(path: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, { moduleCache: false, fsCache: false, interopDefault: true });
  return jiti.import<Record<string, unknown>>(path);
}

/**
 * Imports an application by jiti, which knows the `paths` of its `tsconfig.json`, decorators, and modules named without
 * an extension or with that of the JavaScript they become. Modules are loaded once, as by Node.
 */
export async function importCompiled(path: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import('jiti');
  const options = { moduleCache: true, fsCache: false, interopDefault: true, tsconfigPaths: true };
  return createJiti(path, options).import<Record<string, unknown>>(path);
}

/**
 * Why Node refused a TypeScript file that a real compiler would take: enums and parameter properties,
 * sources inside `node_modules`, `import` in a CommonJS package.
 */
const COMPILER_WANTED = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNKNOWN_FILE_EXTENSION',
]);

/** Imports a module of the user: natively, and with jiti where Node's own type stripping gives up. */
export async function importUserModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (!COMPILER_WANTED.has(String((error as NodeJS.ErrnoException | null)?.code))) throw error;
    const { importModule } = await import('@gunicorn-ts/config');
    return importModule(url);
  }
}

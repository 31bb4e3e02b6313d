/** Why Node refused a file that jiti, with a real compiler, may take. */
const COMPILER_WANTED = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNKNOWN_FILE_EXTENSION',
]);

/** An ES module in a package that says it is CommonJS. */
const WRONG_FORMAT = /Unexpected token 'export'|Cannot use import statement/;

/**
 * Imports a module of the user. Natively first, without the settings package, whose weight a worker need not
 * carry; that is asked for when Node cannot read the file.
 */
export async function importUserModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (isCompilerWanted(error)) {
      const { importModule } = await import('@gunicorn-ts/config');
      return importModule(url);
    }
    const { withPlace } = await import('./syntax-place.ts');
    throw withPlace(error, url);
  }
}

function isCompilerWanted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (COMPILER_WANTED.has(String((error as NodeJS.ErrnoException).code))) return true;
  return error instanceof SyntaxError && WRONG_FORMAT.test(error.message);
}

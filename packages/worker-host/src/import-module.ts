import { fileURLToPath } from 'node:url';
import { missingInTypeScript } from './errors.ts';

/** Why Node refused a file that jiti, with a real compiler, may take. */
const COMPILER_WANTED = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNKNOWN_FILE_EXTENSION',
]);

/** Codes for what an import names and Node does not find. */
const MISSING = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT']);

/** A TypeScript file that imports something; it may mean `x.ts` by `./x.js` or `./x`, or an alias of `tsconfig.json`. */
const IMPORTED_BY_TYPESCRIPT = /(?:imported from |Require stack:\n- )(.+\.[cm]?tsx?)$/m;

/** An ES module in a package that says it is CommonJS. */
const WRONG_FORMAT = /Unexpected token 'export'|Cannot use import statement/;

/** A decorator, which Node leaves where it is and V8 does not know. */
const DECORATOR = /Invalid or unexpected token/;

/**
 * Imports a module of the user. Natively first, without the settings package, whose weight a worker need not
 * carry; that is asked for when Node cannot read the file.
 *
 * @throws OperatorError `ERR_IMPORT_MISSING` when TypeScript imports what the compiler does not find either
 */
export async function importUserModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (!isCompilerWanted(error, url)) {
      const { withPlace } = await import('./syntax-place.ts');
      throw withPlace(error, url);
    }
    const { importCompiled } = await import('@gunicorn-ts/config');
    try {
      return await importCompiled(fileURLToPath(url));
    } catch (second) {
      throw isMissing(error) && isMissing(second) ? missingInTypeScript(error) : second;
    }
  }
}

function isCompilerWanted(error: unknown, url: string): boolean {
  if (!(error instanceof Error)) return false;
  if (COMPILER_WANTED.has(String((error as NodeJS.ErrnoException).code))) return true;
  if (isMissing(error)) return IMPORTED_BY_TYPESCRIPT.test(error.message);
  if (!(error instanceof SyntaxError)) return false;
  return WRONG_FORMAT.test(error.message) || (/\.[cm]?ts$/.test(url) && DECORATOR.test(error.message));
}

function isMissing(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && MISSING.has(String((error as NodeJS.ErrnoException).code));
}

import { readFileSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Extensions of modules that Node can import, in the order in which they are tried. */
export const MODULE_EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'] as const;

/** Where the module of a target is, or what was tried, for people. */
export type ModuleSearch =
  | { readonly url: string }
  | { readonly url?: undefined; readonly looked: readonly string[]; readonly suggestion: string | undefined };

/** Finds a module by path relative to `cwd` (the extension may be left out), or by package name. */
export function findModule(specifier: string, cwd: string): ModuleSearch {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(cwd, specifier);
  const file = findFile(path) ?? findInDirectory(path);
  if (file !== undefined) return { url: pathToFileURL(file).href };
  const isPackageName = !isAbsolute(specifier) && !/^(?:\.|file:)/.test(specifier);
  const url = isPackageName ? resolvePackage(specifier, cwd) : undefined;
  if (url !== undefined) return { url };
  const shown = path.startsWith(join(cwd, '/')) ? `./${relative(cwd, path)}` : path;
  const looked = [
    hasModuleExtension(path) ? `file ${shown}` : `file ${shown} with ${MODULE_EXTENSIONS.join(', ')}`,
    `directory ${shown} with an index file`,
  ];
  if (isPackageName) looked.push(`package "${specifier}" in node_modules, from ${cwd} upwards`);
  return { looked, suggestion: suggest(specifier, path) };
}

/** The file itself, or with one of the extensions added. */
function findFile(path: string): string | undefined {
  if (hasModuleExtension(path) && isFile(path)) return path;
  return MODULE_EXTENSIONS.map((extension) => path + extension).find(isFile);
}

/** The `main` of a folder's `package.json`, or its index file. */
function findInDirectory(path: string): string | undefined {
  let main: unknown;
  try {
    main = (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { main?: unknown }).main;
  } catch {
    main = undefined;
  }
  const named = typeof main === 'string' ? findFile(join(path, main)) : undefined;
  return named ?? findFile(join(path, 'index'));
}

/**
 * Resolves a package as an `import` in `cwd` would, conditions of `exports` included. Node offers this
 * only to modules, hence a specifier of our own that a resolve hook maps.
 */
function resolvePackage(specifier: string, cwd: string): string | undefined {
  const parentURL = pathToFileURL(join(cwd, 'noop.js')).href;
  const hooks = registerHooks({
    resolve: (asked, context, next) =>
      asked === 'gunicorn:target'
        ? { ...next(specifier, { ...context, parentURL }), shortCircuit: true }
        : next(asked, context),
  });
  try {
    const url = import.meta.resolve('gunicorn:target');
    return url.startsWith('file:') ? url : undefined;
  } catch {
    return undefined;
  } finally {
    hooks.deregister();
  }
}

/** A file that the operator may have meant: another extension, or dots for slashes. */
function suggest(specifier: string, path: string): string | undefined {
  const extension = extname(path);
  const bases = [
    {
      specifier: specifier.slice(0, specifier.length - extension.length),
      path: path.slice(0, path.length - extension.length),
    },
    { specifier: specifier.replaceAll('.', '/'), path: join(dirname(path), specifier.replaceAll('.', '/')) },
  ];
  for (const base of bases) {
    const found = MODULE_EXTENSIONS.find((candidate) => isFile(base.path + candidate));
    if (found !== undefined) return base.specifier + found;
  }
  return undefined;
}

function hasModuleExtension(path: string): boolean {
  return (MODULE_EXTENSIONS as readonly string[]).includes(extname(path));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

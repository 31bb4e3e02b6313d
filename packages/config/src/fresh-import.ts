import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, registerHooks, type LoadHookSync, type ResolveHookSync } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importWithJiti, isTypeScriptLimit } from './jiti.ts';
import { hasModuleSyntax } from './module-syntax.ts';
import { locateSyntaxError } from './syntax-check.ts';

/** Query of a module that belongs to one load. Node caches ES modules by URL and never forgets one. */
const MARK = 'gunicorn-load';
/** The same as a part of the file's name: `require` takes no query, and knows an ES module by its name alone. */
const NAME_MARK = /(?:%3F|\?)gunicorn-load=\d+$/;
let loads = 0;

/** Files of the last load. */
const loadedFiles = new Set<string>();
/** The files that the last load read, by path. */
export function filesOfLastLoad(): Iterable<string> {
  return loadedFiles;
}

/** What `require` caches of them, by name; that cache can forget. */
const cachedNames = new Set<string>();

/**
 * Imports a file and what it imports by path, all of it afresh. Packages stay cached.
 *
 * Three ways, cheapest first, since what is loaded here stays in the arbiter's memory for ever: a
 * `gunicorn.conf.ts` without type syntax is JavaScript and is read as such; Node's type stripping costs
 * about 20 MB of resident memory, and jiti, which understands enums, about 45.
 */
export function importFresh(path: string): Promise<Record<string, unknown>> {
  // Node remembers for ever where a link led to.
  const load = previousLoad.then(() => importCheapest(realpathSync(path)));
  previousLoad = load.catch(() => undefined);
  return load;
}

/** The hooks below see every import of the process: two loads at a time would mistake each other's files for their own. */
let previousLoad: Promise<unknown> = Promise.resolve();

async function importCheapest(path: string): Promise<Record<string, unknown>> {
  const attempt: Attempt = { readAsJavaScript: true, sawTypeScript: false };
  try {
    return await importAfresh(path, attempt);
  } catch (error) {
    const mayBeTypes = error instanceof SyntaxError || error instanceof ReferenceError;
    if (!attempt.sawTypeScript || !mayBeTypes) return importAfterFailure(path, error);
  }
  try {
    return await importAfresh(path, { readAsJavaScript: false, sawTypeScript: true });
  } catch (error) {
    return importAfterFailure(path, error);
  }
}

function importAfterFailure(path: string, error: unknown): Promise<Record<string, unknown>> {
  if (isTypeScriptLimit(error)) return importWithJiti(path);
  throw error instanceof SyntaxError ? locateSyntaxError(error, loadedFiles) : error;
}

interface Attempt {
  readonly readAsJavaScript: boolean;
  /** Whether there was anything to read in another way. */
  sawTypeScript: boolean;
}

async function importAfresh(path: string, attempt: Attempt): Promise<Record<string, unknown>> {
  forgetCommonJs();
  loads += 1;
  const mark = `${MARK}=${loads}`;
  loadedFiles.add(path);
  cachedNames.add(path);
  const hooks = registerHooks({ resolve: markResolved(mark), load: loadMarked(mark, attempt) });
  try {
    return (await import(`${pathToFileURL(path).href}?${mark}`)) as Record<string, unknown>;
  } finally {
    hooks.deregister();
  }
}

function forgetCommonJs(): void {
  const { cache } = createRequire(import.meta.url);
  for (const name of cachedNames) delete cache[name];
  cachedNames.clear();
  loadedFiles.clear();
}

/** Marks what a file of this load imports by path. Names of packages are left alone, also when they are linked folders. */
function markResolved(mark: string): ResolveHookSync {
  return (specifier, context, nextResolve) => {
    const parent = context.parentURL === undefined ? undefined : fileOf(context.parentURL);
    const ours = parent !== undefined && loadedFiles.has(parent);
    const resolved = ours ? resolveOurs(specifier, context, nextResolve) : nextResolve(specifier, context);
    const byPath = /^(\.{0,2}\/|file:)/.test(specifier);
    if (!ours || !byPath || !resolved.url.startsWith('file:')) return resolved;
    const forRequire = context.conditions.includes('require');
    const file = whereItLeads(specifier, context.parentURL, forRequire) ?? fileURLToPath(resolved.url);
    loadedFiles.add(file);
    cachedNames.add(file);
    const url = pathToFileURL(file).href;
    if (!forRequire) return { ...resolved, url: `${url}?${mark}` };
    if (!isModule(file)) return { ...resolved, url };
    cachedNames.add(`${file}?${mark}`);
    return { ...resolved, format: undefined, url: `${url}%3F${mark}` };
  };
}

/** The file of a URL, with or without a mark. */
function fileOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url.replace(NAME_MARK, '')) : undefined;
}

const REQUIRED_ENDINGS = ['', '.js', '.json'];

/** The file that a path leads to now: Node answers with where it led when it was asked first. */
function whereItLeads(
  specifier: string,
  parentURL: string | undefined,
  forRequire: boolean,
): string | undefined {
  const path = fileURLToPath(new URL(specifier, parentURL));
  const endings = forRequire ? REQUIRED_ENDINGS : [''];
  const found = endings.find((ending) => statSync(path + ending, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? undefined : realpathSync(path + found);
}

function isModule(file: string): boolean {
  const extension = extname(file);
  if (/^\.m[jt]s$/.test(extension)) return true;
  return /^\.[jt]s$/.test(extension) && hasModuleSyntax(readFileSync(file, 'utf8'));
}

/** A command that is installed globally is not found from the project; `defineConfig` then comes from beside us. */
const resolveOurs: ResolveHookSync = (specifier, context, nextResolve) => {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    if (specifier !== 'gunicorn-ts') throw error;
    return nextResolve(import.meta.resolve('@gunicorn-ts/interface'), context);
  }
};

/** Reads TypeScript as JavaScript where it looks like it, and ES modules as such whatever the package says. */
function loadMarked(mark: string, attempt: Attempt): LoadHookSync {
  return (url, context, nextLoad) => {
    const language = url.endsWith(mark) ? /\.[cm]?([jt]s)(?:\?|%3F)/.exec(url)?.[1] : undefined;
    if (language === undefined) return nextLoad(url, context);
    if (language === 'ts') attempt.sawTypeScript = true;
    const file = fileURLToPath(url.replace(NAME_MARK, ''));
    const source = readFileSync(file, 'utf8');
    if (!hasModuleSyntax(source) && !url.includes('%3F')) {
      if (context.format?.startsWith('module') === true) return nextLoad(url, context);
      return { format: 'module', source: requireAsModule(file), shortCircuit: true };
    }
    if (language === 'js' || (attempt.readAsJavaScript && !hasTypeArguments(source))) {
      return { format: 'module', source, shortCircuit: true };
    }
    return { format: 'module-typescript', source, shortCircuit: true };
  };
}

/**
 * An ES module that re-exports a CommonJS file. Node's own bridge enters what the file requires into the cache
 * of `require` before it has run, and on a second load `require` finds it there, empty.
 */
function requireAsModule(file: string): string {
  const load = `process.getBuiltinModule('node:module').createRequire(${JSON.stringify(file)})(${JSON.stringify(file)})`;
  const exports: unknown = createRequire(file)(file);
  const names = typeof exports === 'object' && exports !== null ? Object.keys(exports) : [];
  const named = names
    .filter((name) => name !== 'default')
    .map((name, index) => {
      const quoted = JSON.stringify(name);
      return `const name${index} = exported[${quoted}]; export { name${index} as ${quoted} };`;
    });
  return [`const exported = ${load};`, 'export default exported;', ...named].join('\n');
}

/**
 * Type syntax is a syntax error in JavaScript, with one exception: `f<T>(x)` reads as two comparisons.
 * Where angle brackets stand before a call, the file is not taken for JavaScript.
 */
function hasTypeArguments(source: string): boolean {
  return /<[^<>]*>\s*[(`]/.test(source);
}

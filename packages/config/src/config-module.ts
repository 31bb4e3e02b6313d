import { readFileSync } from 'node:fs';
import { createRequire, registerHooks, type LoadHookSync, type ResolveHookSync } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importWithJiti, isTypeScriptLimit } from './module-import.ts';

/** Query of a module that belongs to one fresh load. Node caches ES modules by URL and never forgets one. */
const MARK = 'gunicorn-load';
let loads = 0;

/**
 * Imports a configuration file and what it imports by path, all of it afresh. Packages stay cached.
 *
 * Three ways, cheapest first, since what is loaded here stays in the arbiter's memory for ever. A
 * `gunicorn.conf.ts` without type syntax is JavaScript and is read as such; Node's type stripping costs
 * about 20 MB of resident memory, and jiti (which understands enums) about 35.
 */
export async function importConfigModule(path: string): Promise<Record<string, unknown>> {
  const attempt = { sawTypeScript: false };
  try {
    return await importAfresh(path, { readAsJavaScript: true, attempt });
  } catch (error) {
    if (!attempt.sawTypeScript || !(error instanceof SyntaxError || error instanceof ReferenceError)) {
      return importAfterFailure(path, error);
    }
  }
  try {
    return await importAfresh(path, { readAsJavaScript: false, attempt });
  } catch (error) {
    return importAfterFailure(path, error);
  }
}

function importAfterFailure(path: string, error: unknown): Promise<Record<string, unknown>> {
  if (isTypeScriptLimit(error)) return importWithJiti(path);
  throw error;
}

interface Options {
  readonly readAsJavaScript: boolean;
  readonly attempt: { sawTypeScript: boolean };
}

async function importAfresh(path: string, options: Options): Promise<Record<string, unknown>> {
  loads += 1;
  const mark = `?${MARK}=${loads}`;
  forgetCommonJs();
  const hooks = registerHooks({ resolve: markResolved(mark), load: loadMarked(mark, options) });
  try {
    return (await import(pathToFileURL(path).href + mark)) as Record<string, unknown>;
  } finally {
    hooks.deregister();
  }
}

/** CommonJS files of earlier loads, by name: `require` has a cache of its own, and that one can forget. */
const requiredFiles = new Set<string>();

function forgetCommonJs(): void {
  const { cache } = createRequire(import.meta.url);
  for (const file of requiredFiles) delete cache[file];
  requiredFiles.clear();
}

/** Marks what a marked module imports by path. Names of packages are left alone, also when they are linked folders. */
function markResolved(mark: string): ResolveHookSync {
  return (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    const byPath = /^(\.{0,2}\/|file:)/.test(specifier);
    const parent = context.parentURL ?? '';
    const ours =
      parent.endsWith(mark) || requiredFiles.has(parent.startsWith('file:') ? fileURLToPath(parent) : parent);
    if (!byPath || !ours || !resolved.url.startsWith('file:')) return resolved;
    requiredFiles.add(fileURLToPath(resolved.url));
    // `require` finds its files by name and takes no query.
    if (context.conditions.includes('require') || resolved.format === 'commonjs') return resolved;
    return { ...resolved, url: resolved.url + mark };
  };
}

/** Reads marked TypeScript files as JavaScript, when they look as if they were. */
function loadMarked(mark: string, options: Options): LoadHookSync {
  return (url, context, nextLoad) => {
    if (!url.endsWith(mark) || !/\.m?ts\?/.test(url)) return nextLoad(url, context);
    options.attempt.sawTypeScript = true;
    if (!options.readAsJavaScript) return nextLoad(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    if (!looksLikeJavaScriptModule(source)) return nextLoad(url, context);
    return { format: 'module', source, shortCircuit: true };
  };
}

/**
 * Type syntax is a syntax error in JavaScript, with one exception: `f<T>(x)` reads as two comparisons, so
 * angle brackets before a call rule a file out.
 */
function looksLikeJavaScriptModule(source: string): boolean {
  return /^\s*(import|export)\b/m.test(source) && !/<[^<>]*>\s*[(`]/.test(source);
}

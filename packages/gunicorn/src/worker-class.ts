import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeFailure, importModule, type ResolveWorkerClass } from '@gunicorn-ts/config';
import type { WorkerClass } from '@gunicorn-ts/interface';
import { notAWorkerClass, workerClassNotFound, workerClassNotLoadable } from './errors.ts';

/** Worker classes that come with the command, and the names of Gunicorn's that mean them. */
const BUILT_IN: Readonly<Record<string, string>> = {
  asgi: '@gunicorn-ts/worker-event',
  event: '@gunicorn-ts/worker-event',
  eventlet: '@gunicorn-ts/worker-event',
  gevent: '@gunicorn-ts/worker-event',
  gthread: '@gunicorn-ts/worker-event',
  sync: '@gunicorn-ts/worker-sync',
  'uvicorn.workers.UvicornWorker': '@gunicorn-ts/worker-event',
  'uvicorn.workers.UvicornH11Worker': '@gunicorn-ts/worker-event',
  'uvicorn_worker.UvicornWorker': '@gunicorn-ts/worker-event',
  'uvicorn_worker.UvicornH11Worker': '@gunicorn-ts/worker-event',
};

/** Names that messages offer. */
const SHOWN = Object.keys(BUILT_IN).filter((name) => name !== 'eventlet' && !name.startsWith('uvicorn'));

/**
 * Finds the worker class behind `workerClass`: a built-in name, a path, or an npm package, looked up from
 * the directory of the application.
 * @throws OperatorError when there is none, or when it is not one.
 */
export const resolveWorkerClass: ResolveWorkerClass = async (name, cwd) => {
  const workerModule = locate(name, cwd);
  let exports: Record<string, unknown>;
  try {
    exports = await importModule(workerModule);
  } catch (error) {
    throw workerClassNotLoadable(name, describeFailure(error), error);
  }
  const workerClass = exports['default'];
  if (!isWorkerClass(workerClass)) throw notAWorkerClass(name, workerClass);
  return { workerClass, workerModule };
};

function locate(name: string, cwd: string): string {
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (builtIn !== undefined) return import.meta.resolve(builtIn);
  if (name.startsWith('file:')) return name;
  if (/^\.{0,2}\//.test(name)) return pathToFileURL(realPath(path.resolve(cwd, name))).href;
  try {
    return pathToFileURL(fromPackage(name, cwd)).href;
  } catch (error) {
    throw workerClassNotFound(name, SHOWN, { cwd, cause: error });
  }
}

/** Node would take where a link led when it was asked first. */
function realPath(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}

function fromPackage(name: string, cwd: string): string {
  const base = path.join(cwd, 'package.json');
  try {
    return createRequire(base).resolve(name);
  } catch (error) {
    const file =
      (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
        ? importOnly(name, base)
        : undefined;
    if (file === undefined) throw error;
    return file;
  }
}

/** A package whose only entry has the condition `import`, which `require.resolve` does not see. */
function importOnly(name: string, base: string): string | undefined {
  const manifest = findPackageJSON(name, base);
  if (manifest === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: Record<string, unknown> };
  const door = (exports?.['.'] ?? exports) as { import?: unknown } | undefined;
  const target =
    typeof door?.import === 'object' ? (door.import as { default?: unknown } | null)?.default : door?.import;
  return typeof target === 'string' ? path.resolve(path.dirname(manifest), target) : undefined;
}

function isWorkerClass(value: unknown): value is WorkerClass {
  const candidate = value as Partial<WorkerClass> | null | undefined;
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    typeof candidate.name === 'string' &&
    typeof candidate.start === 'function' &&
    typeof candidate.serves === 'object'
  );
}

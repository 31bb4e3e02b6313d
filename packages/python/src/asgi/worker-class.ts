const CLASSES: ReadonlySet<string> = new Set([
  'asgi',
  'uvicorn.workers.UvicornWorker',
  'uvicorn.workers.UvicornH11Worker',
  'uvicorn_worker.UvicornWorker',
  'uvicorn_worker.UvicornH11Worker',
]);

/** Whether a worker class serves ASGI, by its name. */
export function isAsgiClass(workerClass: string): boolean {
  return CLASSES.has(workerClass);
}

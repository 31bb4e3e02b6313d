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

/** Whether it is uvicorn's: there `X-Forwarded-For` of a trusted proxy names the client. */
export function isUvicornClass(workerClass: string): boolean {
  return isAsgiClass(workerClass) && workerClass.startsWith('uvicorn');
}

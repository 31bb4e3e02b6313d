import type { Loader, WorkerClass } from '@gunicorn-ts/interface';
import { bootError } from './errors.ts';
import { importUserModule } from './import-module.ts';

/**
 * Imports the module that the settings were checked against in the arbiter.
 *
 * @throws OperatorError `ERR_WORKER_CLASS` with exit code 3 when it has no worker class to offer.
 */
export async function importWorkerClass(url: string): Promise<WorkerClass> {
  const namespace = await importUserModule(url);
  const exported = namespace['default'] as Partial<WorkerClass> | undefined;
  if (typeof exported?.start === 'function' && exported.interfaceVersion === 1)
    return exported as WorkerClass;
  throw bootError(
    'ERR_WORKER_CLASS',
    `workerClass: ${url} has no default export made with defineWorker({ … })`,
  );
}

/**
 * Imports a loader that the arbiter found.
 *
 * @throws OperatorError `ERR_LOADER` with exit code 3 when the module has none.
 */
export async function importLoader(url: string): Promise<Loader> {
  const namespace = await importUserModule(url);
  const exported = namespace['loader'] as Partial<Loader> | undefined;
  if (typeof exported?.load === 'function' && exported.interfaceVersion === 1) return exported as Loader;
  throw bootError('ERR_LOADER', `${url} has no export "loader" for this version`);
}

import type {
  InstalledLoader,
  LoadedSettings,
  PreloadContext,
  Preloaded,
  TargetContext,
} from '@gunicorn-ts/interface';
import { javascriptLoader } from '@gunicorn-ts/worker-host';

/**
 * Lets the loader of the application load it for all workers. `undefined` when that is the one for JavaScript, which
 * cannot: a Node.js process does not fork.
 */
export async function preloadApplication(
  loaders: readonly InstalledLoader[],
  { settings, folder, workerClass }: LoadedSettings,
  given: Pick<PreloadContext, 'env' | 'identity' | 'log'>,
): Promise<Preloaded | undefined> {
  const { app } = settings;
  if (app === undefined) return undefined;
  const context: TargetContext = { ...given, settings, cwd: folder };
  if ((await javascriptLoader.recognise(app, context)).found) return undefined;
  for (const { loader } of loaders) {
    if (loader.preload === undefined || !(await loader.recognise(app, context)).found) continue;
    const { concurrency } = workerClass.serves;
    return loader.preload(app, { ...context, identity: given.identity, concurrency });
  }
  return undefined;
}

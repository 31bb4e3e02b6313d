import type { LoadedSettings, Logger, PreloadContext, Preloaded } from '@gunicorn-ts/interface';
import { checkApplication } from './check-application.ts';
import { workerEnvironment } from './generation.ts';
import { Release } from './release.ts';
import { identityOfWorkers } from './worker-identity.ts';

/** Loads the application for all workers; `undefined` when its loader cannot. Rejects when it does not load. */
export type Preload = (
  loaded: LoadedSettings,
  context: Pick<PreloadContext, 'env' | 'identity' | 'log'>,
) => Promise<Preloaded | undefined>;

/** With `preloadApp`: loads the application for all workers, or else only to see that it does load. */
export async function loadAhead(
  loaded: LoadedSettings,
  options: { readonly workerHostEntry: string; readonly env: NodeJS.ProcessEnv; readonly preload?: Preload },
  log: Logger,
): Promise<Preloaded | undefined> {
  const { settings } = loaded;
  if (!settings.preloadApp) return undefined;
  const env = workerEnvironment(options.env, loaded);
  const pinned = { ...loaded, settings: new Release(loaded).pinnedSettings(settings) };
  const preloaded = await options.preload?.(pinned, { env, identity: identityOfWorkers(settings), log });
  if (preloaded === undefined) await checkApplication(loaded, options);
  return preloaded;
}

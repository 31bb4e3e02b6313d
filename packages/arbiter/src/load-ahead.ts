import {
  type ArbiterFacade,
  HOOK_SIDE,
  type HookName,
  type Hooks,
  type LoadedSettings,
  type Logger,
  type PrepareContext,
  type Prepared,
} from '@gunicorn-ts/interface';
import { checkApplication, type CheckOptions } from './check-application.ts';
import { workerEnvironment } from './generation.ts';
import { Release } from './release.ts';
import { identityOfWorkers } from './worker-identity.ts';

/** Prepares what the workers of a load share; `undefined` when the loader of the application prepares nothing. */
export type Prepare = (
  loaded: LoadedSettings,
  context: Pick<PrepareContext, 'env' | 'identity' | 'log' | 'launchFolder' | 'mode'>,
) => Promise<Prepared | undefined>;

/** Settings, with what was prepared for them. */
export interface PreparedLoad {
  readonly loaded: LoadedSettings;
  readonly prepared: Prepared | undefined;
}

/** Prepares a load. Its hooks are then those of the configuration file and those of the loader. */
export async function prepareLoad(
  loaded: LoadedSettings,
  options: {
    readonly prepare: Prepare | undefined;
    readonly env: NodeJS.ProcessEnv;
    readonly launchFolder: string;
    readonly log: Logger;
    readonly mode: PrepareContext['mode'];
  },
): Promise<PreparedLoad> {
  const { prepare, launchFolder, log, mode } = options;
  const { settings } = loaded;
  const pinned = { ...loaded, settings: new Release(loaded).pinnedSettings(settings) };
  const prepared = await prepare?.(pinned, {
    env: workerEnvironment(options.env, loaded),
    identity: identityOfWorkers(settings),
    log,
    launchFolder,
    mode,
  });
  return { loaded: withHooks(loaded, prepared?.hooks), prepared };
}

/** The last step before the listeners are opened, which may replace settings. */
export async function beginLoad(load: PreparedLoad, server: ArbiterFacade): Promise<PreparedLoad> {
  const { loaded, prepared } = load;
  const changes = await prepared?.begin?.(server);
  if (changes === undefined || loaded.revise === undefined) return load;
  return { loaded: withHooks(await loaded.revise(changes), prepared?.hooks), prepared };
}

/** With `preloadApp`, where no loader has loaded the application for all workers: sees that it does load. */
export async function loadAhead({ loaded, prepared }: PreparedLoad, options: CheckOptions): Promise<void> {
  const isLoaded = prepared !== undefined && prepared.address !== '';
  if (loaded.settings.preloadApp && !isLoaded) await checkApplication(loaded, options);
}

/** The end of the server: nothing that was prepared is to outlive it. */
export async function closePrepared(
  loads: readonly (Pick<PreparedLoad, 'prepared'> | undefined)[],
): Promise<void> {
  await Promise.allSettled(loads.map((load) => load?.prepared?.close()));
}

/** The hooks of the arbiter's side of both, one after the other. */
function withHooks(loaded: LoadedSettings, more: Hooks | undefined): LoadedSettings {
  if (more === undefined) return loaded;
  const joined: Record<string, unknown> = { ...loaded.hooks };
  for (const name of Object.keys(more) as HookName[]) {
    if (HOOK_SIDE[name] !== 'arbiter') continue;
    const [first, second] = [loaded.hooks[name], more[name]] as ((...values: unknown[]) => unknown)[];
    joined[name] = async (...values: unknown[]): Promise<void> => {
      await first?.(...values);
      await second?.(...values);
    };
  }
  return { ...loaded, hooks: Object.freeze(joined) };
}

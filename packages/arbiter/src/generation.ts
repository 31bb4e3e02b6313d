import type { LoadedSettings, Logger, Prepared, WorkerIdentity } from '@gunicorn-ts/interface';
import { prepareLogFile } from '@gunicorn-ts/logging';
import { hasWorkerHooks } from './hook-runner.ts';
import type { ListenerPool, ListenerSet } from './listener-pool.ts';
import { Release } from './release.ts';
import type { BootSpecification } from './worker-handle.ts';
import { identityOfWorkers } from './worker-identity.ts';

/** What the workers of one load of the settings share, in the arbiter. */
export interface Generation {
  readonly number: number;
  readonly loaded: LoadedSettings;
  readonly identity: WorkerIdentity | undefined;
  readonly listeners: ListenerSet;
  readonly env: NodeJS.ProcessEnv;
  readonly release: Release;
  /** What the loader of the application has prepared for all of them. */
  readonly prepared: Prepared | undefined;
}

/** Opens the listeners of newly loaded settings, aside. */
export async function prepareGeneration(
  number: number,
  { loaded, prepared }: Pick<Generation, 'loaded' | 'prepared'>,
  context: { pool: ListenerPool; log: Logger; env: NodeJS.ProcessEnv },
): Promise<Generation> {
  const { settings } = loaded;
  const identity = identityOfWorkers(settings);
  const release = new Release(loaded);
  prepareLogFiles({ loaded, identity, release });
  const listeners = await context.pool.open({
    settings,
    identity,
    log: context.log,
    bindGiven: loaded.sources['bind']?.kind.startsWith('default') === false,
  });
  return {
    number,
    loaded,
    identity,
    listeners,
    release,
    env: workerEnvironment(context.env, loaded),
    prepared,
  };
}

/** Makes the log files usable by workers before they open them: at a load, and before they re-open them. */
export function prepareLogFiles({
  loaded,
  identity,
  release,
}: Pick<Generation, 'loaded' | 'identity' | 'release'>): void {
  const { errorlog, accesslog } = release.pinnedSettings(loaded.settings);
  prepareLogFile(errorlog, identity, 'errorlog');
  if (accesslog !== undefined) prepareLogFile(accesslog, identity, 'accesslog');
}

/** Built afresh for each generation, so that a variable that left the settings leaves the workers too. */
export function workerEnvironment(
  base: NodeJS.ProcessEnv,
  { settings, environment }: Pick<LoadedSettings, 'settings' | 'environment'>,
): NodeJS.ProcessEnv {
  const pairs = settings.rawEnv.map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  // Of a server that started this one, maybe.
  const { [WORKER_VARIABLE]: _, ...inherited } = base;
  return { ...inherited, ...environment, ...Object.fromEntries(pairs) };
}

/** In the environment of a worker: its slot. */
export const WORKER_VARIABLE = 'GUNICORN_WORKER';

/** The boot message of a worker, but for its descriptors. */
export function bootSpecification(
  generation: Pick<Generation, 'number' | 'loaded' | 'identity' | 'prepared' | 'release'>,
  mode: 'serve' | 'check',
  { age, slot }: { readonly age: number; readonly slot: number },
): BootSpecification {
  const { loaded, identity, number, release, prepared } = generation;
  const { configFile } = loaded;
  return {
    mode,
    age,
    slot,
    generation: number,
    settings: release.pinnedSettings(loaded.settings),
    workerModule: loaded.workerModule,
    loaderModules: loaded.loaderModules,
    prepared:
      prepared === undefined
        ? undefined
        : {
            loader: prepared.loader,
            address: prepared.address,
            entries: prepared.errorLog?.level,
          },
    configFile:
      hasWorkerHooks(loaded.hooks) && configFile !== undefined ? release.pinned(configFile) : undefined,
    identity,
    reportFiles: loaded.settings.reload,
  };
}

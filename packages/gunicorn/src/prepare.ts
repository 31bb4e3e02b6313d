import { renderProblem } from '@gunicorn-ts/config';
import type {
  InstalledLoader,
  LoadedSettings,
  PrepareContext,
  Prepared,
  Settings,
  TargetContext,
} from '@gunicorn-ts/interface';
import { createErrorLog } from '@gunicorn-ts/logging';
import { isLoggerModule, javascriptLoader, openOwnLogger } from '@gunicorn-ts/worker-host';
import { pythonLoggingUnusable } from './errors.ts';

/**
 * Lets the loader of the application prepare what all workers share. `undefined` when that is the one for JavaScript:
 * a Node.js process does not fork.
 */
export async function prepareApplication(
  loaders: readonly InstalledLoader[],
  loaded: LoadedSettings,
  given: Pick<PrepareContext, 'env' | 'identity' | 'log' | 'launchFolder' | 'mode'>,
): Promise<Prepared | undefined> {
  const { settings, folder, workerClass, configProcess, definitions } = loaded;
  const { app } = settings;
  const { concurrency } = workerClass.serves;
  const context = { ...given, settings, cwd: folder, configProcess, definitions, concurrency };
  try {
    const loader = app === undefined ? undefined : await findLoader(loaders, app, context);
    if (loader?.prepare !== undefined) return await loader.prepare(app!, context);
  } catch (error) {
    configProcess?.close();
    throw error;
  }
  // The application is not in the language of the configuration file, or is not there.
  configProcess?.close();
  if (given.mode === 'serve')
    for (const problem of loaded.uncalled ?? []) given.log.warning(renderProblem(problem));
  const python = pythonLogging(settings);
  if (python !== undefined) throw pythonLoggingUnusable(python);
  const logger = await prepareLogger(settings);
  if (given.mode === 'serve') return logger;
  await logger?.close();
  return undefined;
}

/** A logger of the operator's own, in the arbiter; each worker makes one for itself. */
async function prepareLogger(settings: Readonly<Settings>): Promise<Prepared | undefined> {
  const errorLog = await openOwnLogger(settings, 'arbiter');
  return (
    errorLog && {
      loader: javascriptLoader.name,
      address: '',
      files: [],
      errorLog,
      reopenLogs: () => errorLog.reopen(),
      close: () => Promise.resolve(errorLog.settle()),
    }
  );
}

/** A setting that configures loggers of Python, which there are none of. */
function pythonLogging(settings: Readonly<Settings>): string | undefined {
  const given = settings as unknown as Readonly<Record<string, unknown>>;
  const found = ['logConfig', 'logConfigJson', 'logConfigDict'].find((key) => given[key] !== undefined);
  const { loggerClass } = settings;
  const isUsual = loggerClass === undefined || USUAL_LOGGERS.has(loggerClass);
  return found ?? (isUsual || isLoggerModule(loggerClass) ? undefined : 'loggerClass');
}

const USUAL_LOGGERS: ReadonlySet<string> = new Set([
  'gunicorn.glogging.Logger',
  'egg:gunicorn#simple',
  'simple',
]);

/** Whether what is prepared may ask for the entries of the error log. */
export function mayTakeEntries(
  loaders: readonly InstalledLoader[],
  { settings, configProcess }: LoadedSettings,
): boolean {
  return (
    isLoggerModule(settings.loggerClass) ||
    loaders.some(({ loader }) => loader.mayTakeEntries?.(settings, configProcess) === true)
  );
}

/** Whether another loader than the one for JavaScript has the application: it is in another language. */
export async function isForLoader(
  loaders: readonly InstalledLoader[],
  { settings, folder, configProcess }: LoadedSettings,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const { app } = settings;
  const context = {
    settings,
    cwd: folder,
    env,
    configProcess,
    log: createErrorLog({ ...settings, errorlog: '-' }),
  };
  try {
    return app !== undefined && (await findLoader(loaders, app, context)) !== undefined;
  } finally {
    context.log.close();
  }
}

async function findLoader(
  loaders: readonly InstalledLoader[],
  app: string,
  context: TargetContext,
): Promise<InstalledLoader['loader'] | undefined> {
  if ((await javascriptLoader.recognise(app, context)).found) return undefined;
  for (const { loader } of loaders) if ((await loader.recognise(app, context)).found) return loader;
  return undefined;
}

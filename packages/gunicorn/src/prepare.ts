import { resolve } from 'node:path';
import { renderProblem } from '@gunicorn-ts/config';
import type {
  InstalledLoader,
  LoadedSettings,
  Loader,
  PrepareContext,
  Prepared,
  Settings,
  TargetContext,
} from '@gunicorn-ts/interface';
import {
  createErrorLog,
  givenLoggingConfig,
  type LoggingConfigSettings,
  type LoggingPlan,
  prepareLogFile,
  readLoggingConfig,
} from '@gunicorn-ts/logging';
import { isLoggerModule, javascriptLoader, loaderOf, openOwnLogger } from '@gunicorn-ts/worker-host';
import { pythonLoggingUnusable } from './errors.ts';
import { dropPythonAhead } from './python-ahead.ts';

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
    const prepared = await loader?.prepare?.(app!, context);
    // The loader for Python has taken it by now, if it wants it.
    await dropPythonAhead();
    if (loader?.prepare !== undefined) return prepared;
  } catch (error) {
    configProcess?.close();
    throw error;
  }
  // The application is not in the language of the configuration file, or is not there.
  configProcess?.close();
  if (given.mode === 'serve')
    for (const problem of loaded.uncalled ?? []) given.log.warning(renderProblem(problem));
  const { loggerClass } = settings;
  if (loggerClass !== undefined && !USUAL_LOGGERS.has(loggerClass) && !isLoggerModule(loggerClass))
    throw pythonLoggingUnusable('loggerClass');
  const logger = await prepareLogger(settings, prepareLogging(settings, given));
  if (given.mode === 'serve') return logger;
  await logger?.close();
  return undefined;
}

/** A logger of the operator's own, in the arbiter; each worker makes one for itself. */
async function prepareLogger(
  settings: Readonly<Settings>,
  plan: LoggingPlan | undefined,
): Promise<Prepared | undefined> {
  const errorLog = await openOwnLogger(settings, 'arbiter', plan);
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

/** Files of a configuration of Python's `logging` for those who will write them, and what cannot be done of it. */
function prepareLogging(
  settings: Readonly<Settings & LoggingConfigSettings>,
  { identity, log }: Pick<PrepareContext, 'identity' | 'log'>,
): LoggingPlan | undefined {
  const key = givenLoggingConfig(settings);
  const plan = readLoggingConfig(settings);
  if (key === undefined || plan === undefined) return undefined;
  if (isLoggerModule(settings.loggerClass)) {
    log.warning(`${key} has no effect beside loggerClass, which writes the logs; remove one of them`);
    return undefined;
  }
  for (const { name, target } of [...(plan.error?.handlers ?? []), ...(plan.access?.handlers ?? [])]) {
    if (target.kind === 'file')
      prepareLogFile(resolve(settings.chdir, target.path), identity, `handler ${name}`);
  }
  if (plan.notes.length > 0) {
    log.warning(
      `${key} is followed for gunicorn.error and gunicorn.access, but for: ${plan.notes.join('; ')}. For what is missing write a loggerClass of your own, such as './logger.ts'`,
    );
  }
  return plan;
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

/**
 * The loader that has the application, found by looking: nothing of the application is run.
 * @throws {OperatorError} `ERR_APP_NOT_FOUND`, `ERR_APP_TARGET_MISSING`, `ERR_APP_NEEDS_PYTHON`
 */
export async function loaderByLooking(
  loaders: readonly InstalledLoader[],
  { settings, folder, configProcess }: LoadedSettings,
  env: NodeJS.ProcessEnv,
): Promise<Loader> {
  const log = createErrorLog({ ...settings, errorlog: '-' });
  try {
    const context = { settings, cwd: folder, env, configProcess, log };
    return await loaderOf(context, [javascriptLoader, ...loaders.map(({ loader }) => loader)]);
  } finally {
    log.close();
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

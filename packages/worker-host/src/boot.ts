import type {
  AccessRecord,
  Application,
  BootMessage,
  Hooks,
  Listener,
  Loader,
  LoaderContext,
  Settings,
  Worker,
  WorkerClass,
  WorkerFacade,
} from '@gunicorn-ts/interface';
import { createAccessLog, createErrorLog, LedLog, wantsAccessLog } from '@gunicorn-ts/logging';
import { isListening, setListenBacklog } from '@gunicorn-ts/posix';
import { accessLogOptions, AccessOutlet } from './access-outlet.ts';
import { beginLifespan, lifespanMode } from './application/lifespan.ts';
import { createJavascriptLoader } from './application/javascript-loader.ts';
import { checkServed, loadApplication } from './application/load-application.ts';
import type { AskListener } from './listener-requests.ts';
import { emptyCell } from './hung-client.ts';
import { emptyRequest } from './hung-request.ts';
import type { Heartbeat } from './heartbeat.ts';
import { HookCalls } from './hook-calls.ts';
import { LoadedFiles } from './loaded-files.ts';
import { Metering } from './metering.ts';
import { javascriptLoader } from './application/javascript-loader.ts';
import { openOwnLogger, type OwnLoggerOutlet } from './own-logger.ts';
import { becomeIdentity } from './privileges.ts';
import { readTlsMaterial } from './tls-material.ts';
import { importLoader, importWorkerClass } from './worker-module.ts';

/** What a worker process consists of; filled stage by stage, so that an early end can close what there is. */
export interface Parts {
  /** What is being brought up, for the headline of a failure. */
  doing: string;
  log?: LedLog;
  files?: LoadedFiles;
  accessLog?: AccessOutlet;
  hooks?: HookCalls;
  application?: Application;
  workerClass?: WorkerClass;
  /** See `WorkerContext.currentConnection`. */
  currentConnection?: Int32Array;
  /** See `WorkerContext.currentRequest`. */
  currentRequest?: Uint8Array;
  worker?: Worker;
  /** Absent when nothing is counted. */
  metering?: Metering;
  /** See `loggerClass`. */
  ownLogger?: OwnLoggerOutlet;
}

/** What the boot takes from the process around it. */
export interface BootContext {
  readonly message: BootMessage;
  readonly parts: Parts;
  readonly heartbeat: Heartbeat;
  readonly stopping: AbortSignal;
  readonly askListener: AskListener;
  /** Counts a finished request. */
  requestFinished(): void;
  /** See `LoaderContext`. */
  reportFiles(files: readonly string[]): void;
  /** See `LoaderContext`. */
  giveUp(reason: string): void;
  /** See `LoaderContext`. */
  waiting(): void;
}

/** Opens the logs: the first stage, since all others speak through them. */
export function openLogs({ message, parts }: BootContext): LedLog {
  const { settings, mode, prepared } = message;
  const metering = Metering.open(message);
  const log = new LedLog(createErrorLog(settings), metering?.logged);
  if (prepared?.entries !== undefined && mode === 'serve') log.hold();
  parts.log = log;
  // Behind the listener that says goodbye.
  process.on('exit', () => log.settle());
  if (metering !== undefined) {
    parts.metering = metering;
    metering.begin(log);
  }
  if (wantsAccessLog(settings) && mode === 'serve') {
    const own = createAccessLog({
      ...accessLogOptions(settings),
      onError: (error) => log.error(error.message),
    });
    parts.accessLog = new AccessOutlet(settings, own);
  }
  return log;
}

/** Loads the application as the user that will serve it, and checks that the worker class can. */
export async function bootCheck(context: BootContext, log: LedLog): Promise<void> {
  const { identity } = context.message;
  if (identity !== undefined) becomeIdentity(identity);
  await loadParts(context, log);
}

/** Brings the worker up to the point where it takes connections. */
export async function bootServe(context: BootContext, log: LedLog): Promise<void> {
  const { message, parts, heartbeat } = context;
  const { settings } = message;
  const facade = facadeOf(message, log);
  parts.doing = 'the logger class';
  // That of an application in another language is made by its loader.
  if (message.prepared === undefined || message.prepared.loader === javascriptLoader.name)
    await useOwnLogger(settings, parts, log);
  parts.doing = 'the configuration file';
  const hooks = new HookCalls(await loadHooks(message.configFile), facade, log);
  parts.hooks = hooks;
  parts.doing = 'the hook postFork';
  await hooks.atBoot('postFork');
  const configured = readTlsMaterial(settings);
  if (message.identity !== undefined) becomeIdentity(message.identity);
  const { application: loaded, workerClass } = await loadParts(context, log);
  const application = await beginLifespan(loaded, lifespanMode(settings), log);
  parts.application = application;
  const tls = configured ?? application.tls;
  if (application.accessLog !== undefined)
    (parts.accessLog ??= new AccessOutlet(settings, undefined)).offerTo(application.accessLog);
  parts.doing = 'the hook postWorkerInit';
  await hooks.atBoot('postWorkerInit');
  parts.doing = `the worker class ${workerClass.name}`;
  if (settings.autopsy && workerClass.serves.concurrency === 'one') {
    parts.currentConnection = emptyCell();
    if (parts.accessLog !== undefined) parts.currentRequest = emptyRequest();
  }
  parts.metering?.follow(workerClass);
  if (settings.reusePort) listenOnOwn(message.listeners, settings);
  parts.worker = await workerClass.start({
    listeners: message.listeners as readonly Listener[],
    settings,
    application,
    log,
    hooks: hooks.hooks,
    facade,
    ...(tls === undefined ? {} : { tls }),
    notify: () => heartbeat.beat(),
    ...(parts.currentConnection === undefined ? {} : { currentConnection: parts.currentConnection }),
    ...(parts.currentRequest === undefined ? {} : { currentRequest: parts.currentRequest }),
    accessLog: parts.accessLog !== undefined,
    requestFinished: requestCounter(context),
    ...(parts.metering === undefined ? {} : { meter: parts.metering.meter }),
    stopping: context.stopping,
  });
}

/** A socket of this worker's own is first to be found now that what comes there is taken. */
function listenOnOwn(listeners: BootMessage['listeners'], { backlog }: Readonly<Settings>): void {
  for (const { fd } of listeners) if (!isListening(fd)) setListenBacklog(fd, backlog);
}

async function useOwnLogger(settings: Readonly<Settings>, parts: Parts, log: LedLog): Promise<void> {
  const logger = await openOwnLogger(settings, 'worker');
  if (logger === undefined) return;
  log.lead(logger);
  parts.ownLogger = logger;
  if (logger.takesRecords) (parts.accessLog ??= new AccessOutlet(settings, undefined)).offerTo(logger);
}

async function loadParts(
  context: BootContext,
  log: LedLog,
): Promise<{ application: Application; workerClass: WorkerClass }> {
  const { message, parts } = context;
  const { settings, age, slot, mode } = message;
  if (message.reportFiles) parts.files = new LoadedFiles();
  parts.doing = 'the worker class';
  const workerClass = await importWorkerClass(message.workerModule);
  parts.workerClass = workerClass;
  parts.doing = 'the application';
  const loaderContext: LoaderContext = {
    settings,
    cwd: process.cwd(),
    env: process.env,
    log,
    ...(message.prepared === undefined ? {} : { prepared: message.prepared.address }),
    ...(message.prepared?.entries === undefined ? {} : { entries: message.prepared.entries }),
    mode,
    age,
    slot,
    concurrency: workerClass.serves.concurrency,
    reportFiles: (files) => context.reportFiles(files),
    giveUp: (reason) => context.giveUp(reason),
    leadErrorLog: (outlet) => log.lead(outlet),
    waiting: () => context.waiting(),
  };
  const application = await loadApplication(loaderContext, loadersOf(context), message.prepared?.loader);
  parts.application = application;
  checkServed(application, workerClass);
  return { application, workerClass };
}

/** Further ones are only imported once the one for JavaScript has not found the target. */
async function* loadersOf({ message, askListener }: BootContext): AsyncGenerator<Loader, undefined> {
  const { listeners, loaderModules } = message;
  const addresses = listeners.map(({ address }) => address);
  yield createJavascriptLoader({ addresses, ask: askListener });
  for (const module of loaderModules) yield await importLoader(module);
}

async function loadHooks(configFile: string | undefined): Promise<Hooks> {
  if (configFile === undefined) return {};
  const config = await import('@gunicorn-ts/config');
  return config.loadHooks(configFile);
}

function facadeOf(message: BootMessage, log: LedLog): WorkerFacade {
  const { age, slot, generation, settings } = message;
  return { pid: process.pid, ppid: process.ppid, age, slot, generation, settings, log };
}

/** Two functions, so that a server without an access log does not ask for one at each request. */
function requestCounter({
  parts: { accessLog },
  requestFinished,
}: BootContext): (record?: AccessRecord) => void {
  if (accessLog === undefined) return requestFinished;
  return (record) => {
    requestFinished();
    if (record !== undefined) accessLog.write(record);
  };
}

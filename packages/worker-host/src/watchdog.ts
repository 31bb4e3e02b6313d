import { Worker as Thread } from 'node:worker_threads';
import type { Application, ApplicationProcess, BootMessage, Logger, Worker } from '@gunicorn-ts/interface';
import type { Heartbeat } from './heartbeat.ts';
import type { AccessLogOptions } from '@gunicorn-ts/logging';
import { processOf } from './drain.ts';
import { offerSelfReport, SELF_REPORT } from './self-report.ts';
import { silenceLimit } from './silence.ts';

/** What the watchdog thread is given. */
export interface WatchdogData {
  /** One cell, see `Heartbeat.lastBeat`. */
  readonly lastBeat: BigInt64Array;
  /** Silence that is too long, in milliseconds; `Infinity` when none is. */
  readonly silenceLimitMs: number;
  readonly arbiterPid: number;
  readonly lastWordsFd: number;
  /** See `WorkerContext.currentConnection`; absent when the worker class does not use it. */
  readonly currentConnection: Int32Array | undefined;
  /** See `WorkerContext.currentRequest`. */
  readonly currentRequest: Uint8Array | undefined;
  /** How to open the access log; absent when there is none. */
  readonly accessLog: AccessLogOptions | undefined;
  /** Of a response that the thread gives in place of the main one; empty sends none. */
  readonly serverHeader: string;
  /** Whose stacks belong to an autopsy besides those of this process. */
  readonly applicationProcess: WatchedProcess | undefined;
  /** Expression that gives the main thread's report as JSON; see `SelfReport`. */
  readonly selfReport: string;
}

/** What can be passed to another thread. */
export type WatchedProcess = Omit<ApplicationProcess, 'end'>;

/** What the thread starts with, and what it may take; a thread that needs more is broken. In MB. */
const HEAP_LIMIT_MB = 32;

/** What the watchdog watches. */
export interface Watched {
  readonly message: BootMessage;
  readonly arbiterPid: number;
  readonly heartbeat: Heartbeat;
  readonly worker: Worker;
  readonly log: Logger;
  readonly currentConnection?: Int32Array;
  readonly currentRequest?: Uint8Array;
  readonly application?: Application;
}

/**
 * Starts the thread that notices when this one hangs. Costs nothing per request: the two share one number,
 * and the debugger stays off until it is needed.
 */
export function startWatchdog(watched: Watched): void {
  const { message, arbiterPid, heartbeat, worker, log, currentConnection, currentRequest, application } =
    watched;
  offerSelfReport(worker);
  const data: WatchdogData = {
    lastBeat: heartbeat.lastBeat,
    silenceLimitMs: silenceLimit(message.settings.timeout),
    arbiterPid,
    lastWordsFd: message.lastWordsFd,
    currentConnection,
    currentRequest,
    accessLog: accessLogOf(message),
    serverHeader: message.settings.serverHeader ?? 'gunicorn',
    applicationProcess: watchedProcess(application),
    selfReport: `globalThis[Symbol.for(${JSON.stringify(SELF_REPORT.description)})]()`,
  };
  const thread = new Thread(new URL('./watchdog-thread.js', import.meta.url), {
    name: 'watchdog',
    workerData: data,
    // The flags and the preloaded modules of the application are not the watchdog's.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
  });
  thread.unref();
  thread.once('online', () => log.debug('Watchdog thread started'));
  thread.once('error', (error) =>
    log.warning(`The watchdog thread is gone, hangs go unseen: ${error.message}`),
  );
}

function accessLogOf({ settings }: BootMessage): AccessLogOptions | undefined {
  const { accesslog, accessLogFormat, logFormat } = settings;
  return accesslog === undefined ? undefined : { accesslog, accessLogFormat, logFormat };
}

/** Without its functions, which cannot be handed to a thread. */
function watchedProcess(application: Application | undefined): WatchedProcess | undefined {
  const behind = processOf(application);
  if (behind === undefined) return undefined;
  const { pid, stacksFd, currentRequest } = behind;
  return { pid, stacksFd, ...(currentRequest === undefined ? {} : { currentRequest }) };
}

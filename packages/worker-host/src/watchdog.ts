import type { MessagePort } from 'node:worker_threads';
import type { BootMessage, Logger, Worker } from '@gunicorn-ts/interface';
import { type AccessLogOptions, wantsAccessLog } from '@gunicorn-ts/logging';
import { accessLogOptions } from './access-outlet.ts';
import { processOf } from './application-processes.ts';
import type { CutOff } from './cut-off.ts';
import type { HangWatchOptions } from './hang-watch.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Parts } from './boot.ts';
import { offerSelfReport, SELF_REPORT } from './self-report.ts';
import { silenceLimit } from './silence.ts';
import { type RelayedQuestions, WaitingWatch } from './waiting-watch.ts';

/** What the watchdog thread is given. */
export interface WatchdogData extends HangWatchOptions {
  readonly lastWordsFd: number;
  /** Where questions of the arbiter go that the main thread answers by itself as long as it turns; absent otherwise. */
  readonly relay: MessagePort | undefined;
  /**
   * Expression for the function that gives the main thread's report as JSON; see `SelfReport`. It is told whether the
   * process is about to be killed.
   */
  readonly selfReport: string;
}

/** What the thread starts with, and what it may take; a thread that needs more is broken. In MB. */
const HEAP_LIMIT_MB = 32;
/** It makes next to nothing, and a young generation takes what it may. */
const YOUNG_LIMIT_MB = 1;

/** When a thread is started again that had no descriptor for its program. */
const AGAIN_MS = 1000;
/** By their codes, or by what libuv says of them: what a thread fails at when it loads its program gives either. */
const OUT_OF_DESCRIPTORS = /\b(?:EMFILE|ENFILE)\b|too many open files|file table overflow/;

/** What the watchdog watches. */
export interface Watched {
  readonly message: BootMessage;
  readonly arbiterPid: number;
  readonly heartbeat: Heartbeat;
  readonly parts: Parts;
  readonly cutOff: CutOff;
}

/**
 * Sees to it that somebody notices when the main thread hangs: itself, where it waits for another process, and else a
 * thread beside it. Returns the first.
 */
export function startWatch(watched: Watched): WaitingWatch | undefined {
  const { message, parts, heartbeat } = watched;
  const { worker, log, application } = parts;
  if (worker === undefined || log === undefined) return undefined;
  const process = processOf(application);
  const isWatched = process?.isWatched === true;
  const hasThread = needsThread(parts, message);
  const questions: RelayedQuestions | undefined = hasThread && isWatched ? { port: undefined } : undefined;
  if (hasThread) startThread(watched, { worker, log, questions });
  else log.debug('No watchdog thread: nothing here can hang');
  if (!isWatched) return undefined;
  return new WaitingWatch({ ...optionsOf(watched), message, heartbeat, worker, process, questions });
}

/** Where all that can hang is another process, which this one waits for with open eyes, a thread would watch nothing. */
export function needsThread(
  { application, workerClass }: Pick<Parts, 'application' | 'workerClass'>,
  { configFile }: Pick<BootMessage, 'configFile'>,
): boolean {
  const hasHooks = configFile !== undefined;
  const isWatched = processOf(application)?.isWatched === true;
  return hasHooks || !isWatched || workerClass?.neverBlocks !== true;
}

/** Whether the application is in another process, so that nothing in this one grows. */
export function runsElsewhere({ application }: Pick<Parts, 'application'>): boolean {
  return processOf(application) !== undefined;
}

/** Costs nothing per request: the two threads share a few numbers, and the debugger stays off until it is needed. */
function startThread(
  watched: Watched,
  ends: {
    readonly worker: Worker;
    readonly log: Logger;
    readonly questions: RelayedQuestions | undefined;
  },
  isFirst = true,
): void {
  const { worker, log, questions } = ends;
  // A worker that serves one at a time has the watchdog itself answer and write of its request.
  const isSeenTo = watched.parts.currentConnection !== undefined;
  offerSelfReport(worker, () => (isSeenTo ? undefined : watched.cutOff.hung()));
  const relay = relayTo(questions);
  const data: WatchdogData = {
    ...optionsOf(watched),
    lastWordsFd: watched.message.lastWordsFd,
    relay,
    selfReport: `globalThis[Symbol.for(${JSON.stringify(SELF_REPORT.description)})]`,
  };
  // Most is loaded by now, and not this.
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads');
  const thread = new Thread(new URL('./watchdog-thread.js', import.meta.url), {
    name: 'watchdog',
    workerData: data,
    transferList: relay === undefined ? [] : [relay],
    // The flags and the preloaded modules of the application are not the watchdog's.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB, maxYoungGenerationSizeMb: YOUNG_LIMIT_MB },
  });
  thread.unref();
  thread.once('online', () => log.debug('Watchdog thread started'));
  thread.once('error', (error) => {
    if (!OUT_OF_DESCRIPTORS.test(error.message))
      return log.warning(`The watchdog thread is gone, hangs go unseen: ${error.message}`);
    // Clients may have taken all there are before the thread could open its program, and will give them back.
    if (isFirst) log.warning('The watchdog thread waits for a free descriptor; hangs go unseen until then');
    setTimeout(() => startThread(watched, ends, false), AGAIN_MS).unref();
  });
}

/** Each thread has a port of its own: what is given to one that ends is gone with it. */
function relayTo(questions: RelayedQuestions | undefined): MessagePort | undefined {
  if (questions === undefined) return undefined;
  const { port1, port2 } = new MessageChannel();
  questions.port = port2;
  return port1;
}

function optionsOf({ message, arbiterPid, heartbeat, parts }: Watched): HangWatchOptions {
  return {
    signs: [heartbeat.lastBeat, heartbeat.lastLook],
    silenceLimitMs: silenceLimit(message.settings.timeout),
    arbiterPid,
    currentConnection: parts.currentConnection,
    currentRequest: parts.currentRequest,
    accessLog: accessLogOf(message),
    serverHeader: message.settings.serverHeader ?? 'gunicorn',
  };
}

function accessLogOf({ settings }: BootMessage): AccessLogOptions | undefined {
  return wantsAccessLog(settings) ? accessLogOptions(settings) : undefined;
}

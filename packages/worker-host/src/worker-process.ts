import { flushCompileCache } from 'node:module';
import {
  type BootMessage,
  EXIT_CODE,
  MESSAGE_VERSION,
  messageWithCode,
  parseArbiterMessage,
  type WorkerSignal,
} from '@gunicorn-ts/interface';
import { ApplicationProcesses } from './application-processes.ts';
import { ArbiterWatch } from './arbiter-watch.ts';
import { type BootContext, bootCheck, bootServe, openLogs, type Parts } from './boot.ts';
import { Channel } from './channel.ts';
import { CutOff } from './cut-off.ts';
import { finishRequests, interrupt } from './drain.ts';
import { DeferredListeners } from './deferred-listeners.ts';
import { channelClosed, endedWhileLoading } from './errors.ts';
import { describeFailure, userStack } from './failure.ts';
import { CRASH_GRACE_MS, GIVE_UP_GRACE_MS, ORPHAN_GRACE_MS, ORPHAN_LIMIT_MS } from './grace.ts';
import { beatInterval, Heartbeat } from './heartbeat.ts';
import { ListenerRequests } from './listener-requests.ts';
import { inBatches } from './loaded-files.ts';
import { LogReports, reopenLogs } from './log-reports.ts';
import { reopenCapturedOutput } from './output-capture.ts';
import { releaseMemorySoon } from '@gunicorn-ts/posix';
import { prepareProcess } from './prepare-process.ts';
import { reactionTo, type Stage } from './reaction.ts';
import { recycleLimits, RecycleWatch, type RecycleWish } from './recycle.ts';
import type { SignalInbox } from './signal-inbox.ts';
import { runsElsewhere, startWatch } from './watchdog.ts';
import type { WaitingWatch } from './waiting-watch.ts';

/** What the first moments of the process gathered. */
export interface ProcessStart {
  readonly signals: SignalInbox;
  /** The parent at the very start. */
  readonly arbiterPid: number;
  /** The first message, unread; `undefined` when the channel closed before it came. */
  readonly bootMessage: unknown;
}

/** Runs this process as the worker that the boot message describes. Resolves to its exit code. */
export async function runWorker(start: ProcessStart): Promise<number> {
  if (start.bootMessage === undefined) return EXIT_CODE.orphaned;
  const message = parseArbiterMessage(start.bootMessage);
  if (message?.type === 'boot') return new WorkerProcess(message, start).run();
  process.stderr.write(
    `The worker host (message version ${MESSAGE_VERSION}) does not understand this arbiter: ` +
      'they come from different releases. Install the packages of one release and restart.\n',
  );
  return EXIT_CODE.failure;
}

/** Lives in the worker process: one for its whole life, the only owner of its stage. */
class WorkerProcess {
  readonly #message: BootMessage;
  readonly #start: ProcessStart;
  readonly #channel = new Channel();
  readonly #heartbeat: Heartbeat;
  readonly #recycle: RecycleWatch;
  readonly #stopping = new AbortController();
  readonly #parts: Parts = { doing: 'the worker host' };
  readonly #processes = new ApplicationProcesses(this.#channel, this.#parts);
  readonly #cutOff = new CutOff(this.#parts);
  readonly #theirs: DeferredListeners;
  readonly #exit = Promise.withResolvers<number>();
  #waiting: WaitingWatch | undefined;
  #stage: Stage = 'booting';
  #exitCode: number = EXIT_CODE.ok;
  #saidGoodbye = false;

  constructor(message: BootMessage, start: ProcessStart) {
    this.#message = message;
    this.#start = start;
    this.#heartbeat = new Heartbeat(message.heartbeatFd);
    this.#theirs = new DeferredListeners((listener) => start.signals.owns(listener));
    this.#recycle = new RecycleWatch(recycleLimits(message.settings, Math.random()), (wish) =>
      this.#askForReplacement(wish),
    );
  }

  run(): Promise<number> {
    this.#start.signals.route((signal) => void this.#onSignal(signal));
    process.on('uncaughtException', (error, origin) => void this.#onUncaught(error, origin));
    process.on('exit', () => this.#onExit());
    this.#boot().catch((thrown: unknown) => this.#bootFailed(thrown));
    return this.#exit.promise;
  }

  async #boot(): Promise<void> {
    const { settings, mode } = this.#message;
    prepareProcess(settings, (problem) => this.#parts.log?.warning(problem));
    const context: BootContext = {
      message: this.#message,
      parts: this.#parts,
      heartbeat: this.#heartbeat,
      stopping: this.#stopping.signal,
      askListener: new ListenerRequests(this.#channel).ask,
      requestFinished: () => this.#recycle.requestFinished(),
      reportFiles: (files) => this.#addFiles(files),
      giveUp: (reason) => void this.#giveUp(reason),
      waiting: () => this.#waiting?.look(),
    };
    const log = openLogs(context);
    if (mode === 'serve') LogReports.begin(this.#channel, this.#parts);
    log[mode === 'check' ? 'debug' : 'info'](`Booting worker with pid: ${process.pid}`);
    const arbiter = new ArbiterWatch(this.#start.arbiterPid, {
      onGone: () => void this.#onArbiterGone(),
      onCutOff: () => void this.#onCutOff(),
    });
    this.#heartbeat.beat();
    setInterval(() => this.#tick(arbiter), beatInterval(settings.timeout));
    if (mode === 'check') {
      await bootCheck(context, log);
      await this.#reportFiles();
      // The workers that follow find the compiled code.
      flushCompileCache();
      await this.#channel.send({ type: 'ready' });
      return this.#leave();
    }
    await bootServe(context, log);
    if (this.#parts.application?.renewsItself === true) this.#recycle.leaveToApplication();
    await this.#reportFiles();
    if (this.#stage !== 'booting') return undefined;
    this.#stage = 'serving';
    void this.#channel.send({ type: 'ready', applicationPids: this.#processes.first() });
    // Now and not before: starting a thread costs as much as starting a process, and all workers boot at a time.
    if (settings.autopsy)
      this.#waiting = startWatch({
        message: this.#message,
        arbiterPid: this.#start.arbiterPid,
        heartbeat: this.#heartbeat,
        parts: this.#parts,
        cutOff: this.#cutOff,
      });
    if (runsElsewhere(this.#parts)) releaseMemorySoon();
    return undefined;
  }

  /** This interval also keeps the process alive when a worker class leaves the loop nothing to do. */
  #tick(arbiter: ArbiterWatch): void {
    this.#heartbeat.beat();
    this.#recycle.look(this.#processes.look());
    arbiter.look();
  }

  async #onSignal(signal: WorkerSignal): Promise<void> {
    const { settings } = this.#message;
    switch (reactionTo(signal, this.#stage)) {
      case 'drain':
        return this.#drain(settings.gracefulTimeout * 1000);
      case 'leave':
        return this.#leave();
      case 'quit':
        this.#stage = 'leaving';
        void this.#channel.send({ type: 'draining' });
        await interrupt(this.#parts);
        return this.#close();
      case 'abort':
        this.#stage = 'leaving';
        this.#exitCode = EXIT_CODE.failure;
        await this.#parts.hooks?.atEnd('workerAbort');
        return this.#close();
      case 'reopen-logs':
        reopenLogs(this.#parts);
        return reopenCapturedOutput(settings);
      case 'ignore':
        return undefined;
    }
  }

  async #onArbiterGone(): Promise<void> {
    this.#parts.log?.info('Parent changed, shutting down: Worker');
    this.#exitCode = EXIT_CODE.orphaned;
    setTimeout(() => {
      this.#stage = 'leaving';
      this.#exit.resolve(EXIT_CODE.orphaned);
    }, ORPHAN_LIMIT_MS);
    if (this.#stage === 'booting') return this.#leave();
    return this.#drain(ORPHAN_GRACE_MS);
  }

  /**
   * As in plain Node, an application that listens to `uncaughtException` has taken the matter into its own
   * hands. Otherwise its state is unknown: requests in flight get a short time, and the process goes.
   */
  async #onUncaught(error: unknown, origin: string): Promise<void> {
    if (process.listenerCount('uncaughtException') > 1) return undefined;
    if (this.#stage === 'booting') return this.#bootFailed(error);
    const what = origin === 'unhandledRejection' ? 'Unhandled rejection' : 'Uncaught exception';
    return this.#crash(`${what} (pid: ${process.pid}), leaving: ${userStack(error)}`);
  }

  async #onCutOff(): Promise<void> {
    const error = channelClosed();
    if (this.#stage === 'booting') return this.#bootFailed(error);
    return this.#crash(`Leaving (pid: ${process.pid}): ${messageWithCode(error)}`);
  }

  async #crash(message: string): Promise<void> {
    this.#exitCode = EXIT_CODE.failure;
    this.#parts.log?.critical(message);
    return this.#drain(Math.min(this.#message.settings.gracefulTimeout * 1000, CRASH_GRACE_MS), message);
  }

  async #bootFailed(thrown: unknown): Promise<void> {
    if (this.#stage !== 'booting') return;
    this.#stage = 'leaving';
    const failure = describeFailure(thrown, this.#parts.doing);
    this.#exitCode = failure.exitCode;
    await this.#reportFiles();
    // The arbiter prints it, once for all workers that fail alike; without an arbiter somebody must.
    const told = await this.#channel.send({ type: 'boot-failed', ...failure });
    if (!told) this.#parts.log?.error(failure.detail ?? failure.message);
    await this.#close();
  }

  async #reportFiles(): Promise<void> {
    const { files } = this.#parts;
    for (const batch of inBatches(files?.list() ?? []))
      await this.#channel.send({ type: 'files', files: batch });
  }

  /** What comes while it boots is reported with the rest. */
  #addFiles(added: readonly string[]): void {
    const { files } = this.#parts;
    files?.add(added);
    if (files !== undefined && this.#stage !== 'booting') void this.#reportFiles();
  }

  async #giveUp(reason: string): Promise<void> {
    if (this.#stage === 'booting') return this.#bootFailed(new Error(reason));
    this.#exitCode = EXIT_CODE.failure;
    this.#parts.log?.critical(`${reason}; leaving (pid: ${process.pid})`);
    // What it took from now on would find nobody to answer it; other workers can.
    this.#parts.worker?.stopTaking?.();
    return this.#drain(GIVE_UP_GRACE_MS, reason);
  }

  #askForReplacement(wish: RecycleWish): void {
    this.#parts.log?.info(
      `Autorestarting worker after current request: ${wish.detail} (pid: ${process.pid})`,
    );
    void this.#channel.send({ type: 'recycle', ...wish });
  }

  async #drain(deadlineMs: number, reason?: string): Promise<void> {
    if (this.#stage !== 'serving') return;
    this.#stage = 'draining';
    void this.#channel.send({ type: 'draining', reason: reason?.split('\n', 1)[0]?.slice(0, 200) });
    this.#stopping.abort();
    const restMs = await finishRequests(this.#parts, deadlineMs);
    if (this.#stage !== 'draining') return;
    this.#stage = 'leaving';
    await this.#close(restMs);
  }

  async #leave(): Promise<void> {
    if (this.#stage === 'leaving') return;
    this.#stage = 'leaving';
    await this.#close();
  }

  /** `patienceMs` is what the application's own TERM listeners get; without it they are not called. */
  async #close(patienceMs?: number): Promise<void> {
    this.#cutOff.left();
    await this.#parts.accessLog?.close();
    await this.#parts.hooks?.atEnd('workerExit');
    if (patienceMs !== undefined) await this.#theirs.call(patienceMs, this.#parts.log);
    this.#sayGoodbye();
    this.#exit.resolve(this.#exitCode);
  }

  #sayGoodbye(): void {
    if (this.#saidGoodbye) return;
    this.#saidGoodbye = true;
    const level = this.#message.mode === 'check' ? 'debug' : 'info';
    this.#parts.log?.[level](`Worker exiting (pid: ${process.pid})`);
  }

  /**
   * Somebody called `process.exit`. When it was not this class, the application did: while booting that is a
   * failure, while serving it may cost requests, while leaving it is as good as any end. Nothing
   * asynchronous runs any more.
   */
  #onExit(): void {
    if (this.#stage === 'leaving') {
      process.exitCode = this.#exitCode;
      return this.#sayGoodbye();
    }
    const call = `process.exit(${process.exitCode ?? 0})`;
    if (this.#stage === 'booting') {
      const failure = describeFailure(endedWhileLoading(this.#parts.doing, call), this.#parts.doing);
      process.exitCode = failure.exitCode;
      return void this.#channel.send({ type: 'boot-failed', ...failure });
    }
    this.#cutOff.exited(call, this.#stage);
  }
}

import { renderProblem } from '@gunicorn-ts/config';
import { ARBITER_SIGNALS, type ArbiterControl, type ArbiterSignal } from '@gunicorn-ts/interface';
import { hasControllingTerminal } from './controlling-terminal.ts';
import { whyRefused } from './decide/asked.ts';
import { Effects } from './effects.ts';
import { runStartHook } from './hook-runner.ts';
import { inheritedListeners, upgradeParent } from './inherited-listeners.ts';
import { ListenerPool } from './listener-pool.ts';
import { Loop, monotonicMs } from './loop.ts';
import { OrphanReaper } from './orphans.ts';
import type { ArbiterOptions } from './arbiter-options.ts';
import { Server } from './server.ts';
import { SharedListeners } from './shared-listeners.ts';
import { initialState } from './state.ts';

/** How often the second arbiter of an upgrade looks whether the first is still there. */
const PARENT_CHECK_MS = 500;
const STOP_SIGNALS: ReadonlySet<ArbiterSignal> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT']);

/**
 * The parent process: opens the listeners, starts the workers, and keeps their number until it is told
 * to stop. Resolves with the exit code; rejects with an `OperatorError` when it cannot start, with all
 * that it made removed again.
 */
export async function runArbiter(options: ArbiterOptions): Promise<number> {
  const parentPid = upgradeParent(options.env, process.ppid);
  const inheritance = inheritedListeners(options.env, process.pid);
  const own = inheritance.listeners.filter(({ origin }) => origin !== 'shared');
  const sockets = { pool: new ListenerPool(own), shared: new SharedListeners(inheritance.listeners) };
  const signals = new SignalInbox();
  let loop: Loop | undefined;
  let stacks: ArbiterControl['stacks'] | undefined;
  const server = new Server(options, sockets, (files) => loop?.push({ type: 'files-changed', files }));
  // While another arbiter serves, the files of unix sockets are its own.
  const second = parentPid !== undefined;
  process.on('uncaughtException', (error) => server.survive(error));
  OrphanReaper.startWhereNeeded(() => server.log);
  if (inheritance.warning !== undefined) server.log.warning(inheritance.warning);
  try {
    const stopped = await Promise.race([
      start(
        server,
        parentPid,
        controlOf(
          server,
          () => loop,
          (age) => stacks?.(age),
        ),
      ),
      signals.stopAsked(),
    ]);
    if (stopped === 'stop') return await endBeforeStart(server, second);
  } catch (error) {
    await server.end(1, second);
    throw error;
  }
  return new Promise((resolve) => {
    const finish = (exitCode: number, successor?: number): void => {
      clearInterval(parentCheck);
      signals.close();
      void server.end(exitCode, false, successor).then(() => resolve(exitCode));
    };
    const push = (event: Parameters<Loop['push']>[0]): void => running.push(event);
    const effects = new Effects({ server, push, finish });
    const running = new Loop({
      state: initialState(server.settings, monotonicMs(), parentPid),
      apply: (action) => effects.apply(action),
      beats: (now) => effects.beats(now),
    });
    loop = running;
    stacks = (age) => effects.stacks(age);
    server.view.follow({ state: () => running.state, memory: (age) => effects.memory(age) });
    const parentCheck = watchParent(parentPid, () => running.push({ type: 'parent-gone' }));
    running.push({ type: 'start' });
    signals.deliver((signal) => running.push(signalEvent(signal)));
  });
}

async function start(
  server: Server,
  parentPid: number | undefined,
  control: ArbiterControl,
): Promise<'started'> {
  const second = parentPid !== undefined;
  const { log, options } = server;
  // Who reads the log sees which Gunicorn it is of, and by what it runs.
  log.info(`Starting gunicorn-ts ${options.version} on Node.js ${process.versions.node}`);
  for (const warning of options.loaded.warnings) log.warning(renderProblem(warning));
  server.announce({
    moment: 'starting',
    arbiter: server.view,
    control,
    ...(parentPid !== undefined && { parentPid }),
  });
  server.writePidfile(second);
  await server.begin();
  await server.openFirst();
  server.logListening();
  server.setTitle(second);
  await runStartHook(server.hooks, 'whenReady', server.facade);
  return 'started';
}

function controlOf(
  server: Server,
  loop: () => Loop | undefined,
  stacks: (age: number) => ReturnType<ArbiterControl['stacks']> | undefined,
): ArbiterControl {
  return {
    ask: (request, by) => {
      const running = loop();
      if (running === undefined) return 'the server has not started yet';
      const refusal = whyRefused(running.state, request);
      if (refusal === undefined) running.push({ type: 'asked', request, by });
      return refusal;
    },
    followLogs: (follower) => server.logs.followLogs(follower),
    recallLogs: () => server.logs.recallLogs(),
    stacks: (age) => stacks(age) ?? Promise.reject(new Error('the server has not started yet')),
  };
}

function signalEvent(signal: ArbiterSignal): Extract<Parameters<Loop['push']>[0], { type: 'signal' }> {
  return { type: 'signal', signal, atTerminal: signal === 'SIGWINCH' && hasControllingTerminal() };
}

/** A stop that came while the listeners were still being opened. */
async function endBeforeStart(server: Server, second: boolean): Promise<number> {
  server.log.info('Shutting down: Master');
  await server.end(0, second);
  return 0;
}

function watchParent(parentPid: number | undefined, onGone: () => void): NodeJS.Timeout | undefined {
  if (parentPid === undefined) return undefined;
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  return timer;
}

/** Catches signals from the first moment; hands them on once there is a loop to take them. */
class SignalInbox {
  readonly #waiting: ArbiterSignal[] = [];
  readonly #listeners: Map<ArbiterSignal, () => void> = new Map();
  #take: ((signal: ArbiterSignal) => void) | undefined;
  #onStop: (() => void) | undefined;

  constructor() {
    for (const signal of Object.keys(ARBITER_SIGNALS) as ArbiterSignal[]) {
      const listener = (): void => this.#arrived(signal);
      this.#listeners.set(signal, listener);
      process.on(signal, listener);
    }
  }

  /** Resolves when a signal asks for a stop before `deliver` was called. */
  stopAsked(): Promise<'stop'> {
    return new Promise((resolve) => {
      this.#onStop = () => resolve('stop');
    });
  }

  deliver(take: (signal: ArbiterSignal) => void): void {
    this.#take = take;
    for (const signal of this.#waiting.splice(0)) take(signal);
  }

  close(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }

  #arrived(signal: ArbiterSignal): void {
    if (this.#take !== undefined) this.#take(signal);
    else if (STOP_SIGNALS.has(signal)) this.#onStop?.();
    else this.#waiting.push(signal);
  }
}

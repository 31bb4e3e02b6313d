import { type Autopsy, type LogLevel, describeThrown } from '@gunicorn-ts/interface';
import type { Action } from './action.ts';
import type { ArbiterEvent } from './event.ts';
import { runHook } from './hook-runner.ts';
import type { Unstamped } from './loop.ts';
import type { Server } from './server.ts';
import { startSecondArbiter } from './second-arbiter.ts';
import { WorkerSpawner } from './worker-spawner.ts';

/** Carries out actions. Never decides; what comes of an action is pushed back as an event. */
export class Effects {
  readonly #server: Server;
  readonly #workers: WorkerSpawner;
  readonly #push: (event: Unstamped<ArbiterEvent>) => void;
  readonly #finish: (exitCode: number, successor?: number) => void;

  constructor(options: {
    server: Server;
    push: (event: Unstamped<ArbiterEvent>) => void;
    finish: (exitCode: number, successor?: number) => void;
  }) {
    this.#server = options.server;
    this.#push = options.push;
    this.#finish = options.finish;
    this.#workers = new WorkerSpawner(options.server, options.push);
  }

  /** When each worker's heartbeat last moved. */
  beats(now: number): ReadonlyMap<number, number> {
    return this.#workers.beats(now);
  }

  /** See `ArbiterControl.stacks`. */
  async stacks(age: number): Promise<Autopsy> {
    return this.#workers.stacks(age);
  }

  /** See `ArbiterView.memory`. */
  memory(age: number): Uint8Array | undefined {
    return this.#workers.memory(age);
  }

  /** An action that fails takes neither the others nor the server with it. */
  apply(action: Action): void {
    try {
      this.#apply(action);
    } catch (error) {
      this.#server.log.error(`Could not ${action.do.replaceAll('-', ' ')}: ${describeThrown(error)}`);
    }
  }

  #apply(action: Action): void {
    const server = this.#server;
    switch (action.do) {
      case 'log':
        return writeLog(server, action);
      case 'spawn':
        return this.#workers.spawn(action);
      case 'signal-worker':
        return this.#workers.signal(action.age, action.signal);
      case 'abort-worker':
        return this.#workers.abort(action.age);
      case 'forget-worker':
        return this.#workers.forget(action.age);
      case 'load':
        return void this.#load(action.generation);
      case 'give-up-loading':
        return server.giveUpLoading();
      case 'adopt':
        return server.adopt(action.generation);
      case 'discard':
        return server.discard(action.generation);
      case 'reopen-logs':
        return server.reopenLogs();
      case 'set-log-level':
        return server.setLogLevel(action.level);
      case 'start-upgrade':
        return void this.#upgrade();
      case 'promote':
        return server.promote();
      case 'close-listeners':
        server.shared.closeAll(action.shared);
        return server.pool.closeAll(action.shared);
      case 'share-listener':
        return this.#workers.share(action);
      case 'release-shared':
        return server.shared.release(action.age, action.others);
      case 'close-slot':
        return server.pool.closeSlot(action.slot, action.shared);
      case 'watch':
        return server.watch(action.files, Date.now() - action.loadedWithinMs);
      case 'hook-nworkers-changed':
        return void this.#hookNworkersChanged(action);
      case 'hook-child-exit':
        return this.#hookChildExit(action.age);
      case 'announce':
        return server.announce(action.moment);
      case 'finish':
        return this.#finish(action.exitCode, action.successor);
    }
  }

  async #load(generation: number): Promise<void> {
    try {
      const settings = await this.#server.load(generation);
      this.#push({ type: 'loaded', generation, settings });
    } catch (error) {
      this.#push({ type: 'load-failed', generation, reason: describeThrown(error) });
    }
  }

  async #upgrade(): Promise<void> {
    const server = this.#server;
    await runHook(server.facade, 'preExec', () => server.hooks.preExec?.(server.facade));
    const onEnded = (reason: string): void => this.#push({ type: 'upgrade-ended', reason });
    try {
      startSecondArbiter({
        command: server.ownFiles.command(server.options.command),
        cwd: server.options.cwd,
        env: { ...server.options.env, ...server.options.secondArbiterEnv },
        listeners: [...server.pool.forUpgrade(), ...server.shared.forUpgrade()],
        onStarted: (pid) => this.#push({ type: 'upgrade-started', pid }),
        onEnded,
      });
    } catch (error) {
      // Node throws what it does not expect of a spawn: no memory, for one.
      onEnded(describeThrown(error));
    }
  }

  #hookNworkersChanged({ now, before }: { now: number; before: number | undefined }): void {
    this.#server.target = now;
    const { hooks, facade } = this.#server;
    if (hooks.nworkersChanged === undefined) return;
    void runHook(facade, 'nworkersChanged', () => hooks.nworkersChanged?.(facade, now, before));
  }

  #hookChildExit(age: number): void {
    const { hooks, facade } = this.#server;
    const info = this.#workers.info(age);
    if (hooks.childExit === undefined || info === undefined) return;
    void runHook(facade, 'childExit', () => hooks.childExit?.(facade, info));
  }
}

function writeLog(
  server: Server,
  action: { level: LogLevel; message: string; fields?: Record<string, unknown> },
): void {
  server.log[action.level](action.message, action.fields);
}

import { renderProblem } from '@gunicorn-ts/config';
import {
  type ArbiterFacade,
  type Hooks,
  type LifecycleMoment,
  type LoadedSettings,
  type LogLevel,
  type Settings,
  describeThrown,
} from '@gunicorn-ts/interface';
import { LedLog } from '@gunicorn-ts/logging';
import { releaseMemorySoon } from '@gunicorn-ts/posix';
import type { ArbiterOptions } from './arbiter-options.ts';
import { ExitDoor } from './exit-door.ts';
import { Facade } from './facade.ts';
import { FileWatch } from './file-watch.ts';
import { type Generation, prepareGeneration, prepareLogFiles } from './generation.ts';
import { runHook, runStartHook } from './hook-runner.ts';
import type { ListenerPool } from './listener-pool.ts';
import { LogHub } from './log-hub.ts';
import { beginLoad, closePrepared, loadAhead, prepareLoad, type PreparedLoad } from './load-ahead.ts';
import { OwnFiles } from './own-files.ts';
import { Pidfile } from './pidfile.ts';
import { Release } from './release.ts';
import type { SharedListeners } from './shared-listeners.ts';
import { View } from './view.ts';

/** What the arbiter holds while it runs: generations, listeners, log, pid file. Lives in the arbiter. */
export class Server {
  readonly options: ArbiterOptions;
  readonly pool: ListenerPool;
  readonly shared: SharedListeners;
  readonly facade: ArbiterFacade;
  readonly view: View;
  readonly ownFiles: OwnFiles;
  readonly logs: LogHub;
  /** How many workers are wanted, for hooks to read; the state decides on it. */
  target: number;
  readonly #generations: Map<number, Generation> = new Map();
  readonly #watch: FileWatch;
  readonly #exit: ExitDoor = new ExitDoor();
  #loading = new AbortController();
  /** When the settings and what is behind them began to be read. */
  #loadingSince = performance.timeOrigin;
  readonly #log: LedLog;
  #current: LoadedSettings;
  #pidfile: Pidfile | undefined;
  #first: PreparedLoad | undefined;

  constructor(
    options: ArbiterOptions,
    sockets: { readonly pool: ListenerPool; readonly shared: SharedListeners },
    onFilesChanged: (files: readonly string[]) => void,
  ) {
    this.options = options;
    this.pool = sockets.pool;
    this.shared = sockets.shared;
    this.#current = options.loaded;
    this.target = options.loaded.settings.workers;
    this.#log = new LedLog(options.openLog(options.loaded.settings), options.onLogEntry);
    this.logs = new LogHub(this.#log);
    if (options.holdEntries === true) this.#log.hold();
    this.#watch = new FileWatch(onFilesChanged);
    this.facade = new Facade(this);
    this.view = new View(this);
    this.ownFiles = new OwnFiles(new Release(options.loaded));
  }

  get log(): LedLog {
    return this.#log;
  }

  get hooks(): Hooks {
    return this.#current.hooks;
  }

  get settings(): Readonly<Settings> {
    return this.#current.settings;
  }

  get workerClass(): string {
    return this.#current.workerClass.name;
  }

  generation(number: number): Generation {
    const generation = this.#generations.get(number);
    if (generation === undefined) throw new Error(`generation ${number} is unknown`);
    return generation;
  }

  /** Prepares the first generation, up to its hook `onStarting`, which may change settings. */
  async begin(): Promise<void> {
    const load = await prepareLoad(this.#current, this.#preparation());
    this.#log.lead(load.prepared?.errorLog);
    this.#first = load;
    this.#current = load.loaded;
    await runStartHook(this.hooks, 'onStarting', this.facade);
    this.#first = await beginLoad(load, this.facade);
    this.#current = this.#first.loaded;
    this.target = this.settings.workers;
  }

  /** Opens the listeners of the first generation and makes it the current one. */
  async openFirst(): Promise<void> {
    const first = this.#first ?? { loaded: this.#current, prepared: undefined };
    const generation = await prepareGeneration(1, first, this.#context());
    this.#generations.set(1, generation);
    this.pool.adopt(generation.listeners);
    await this.#prove(first);
    this.#followReload();
  }

  /** Reads the settings again and prepares their generation, aside. Rejects with what is wrong. */
  async load(number: number): Promise<Readonly<Settings>> {
    this.#loading = new AbortController();
    this.#loadingSince = Date.now();
    const read = await this.#exit.refused(() => this.options.reload(this.#current, this.#loading.signal));
    this.ownFiles.found(this.options.workerHostEntry);
    let load = await prepareLoad(read, this.#preparation());
    try {
      load = await beginLoad(load, this.facade);
      await this.#prove(load);
      this.#generations.set(number, await prepareGeneration(number, load, this.#context()));
    } catch (error) {
      void load.prepared?.close();
      throw error;
    }
    const { hooks, settings } = load.loaded;
    await runHook(this.facade, 'onReload', () => hooks.onReload?.(this.facade));
    return settings;
  }

  /** What is being read is not wanted any more. */
  giveUpLoading(): void {
    this.#loading.abort();
  }

  adopt(number: number): void {
    const { loaded, listeners } = this.generation(number);
    const [before, urls] = [this.#current, this.#urls()];
    this.#current = loaded;
    this.pool.adopt(listeners);
    this.logs.adopt(before.settings, this.settings, this.options.openLog);
    this.#log.lead(this.generation(number).prepared?.errorLog);
    this.#followPidfile();
    // What was said before is not said again, at each reload.
    const told = new Set(before.warnings.map(renderProblem));
    for (const warning of loaded.warnings.map(renderProblem))
      if (!told.has(warning)) this.#log.warning(warning);
    if (this.#urls() !== urls) this.#log.info(`Listening at: ${this.#urls()} (${process.pid})`);
    this.#followReload();
    for (const key of this.#generations.keys()) if (key < number) this.#retire(key);
  }

  discard(number: number): void {
    const generation = this.#generations.get(number);
    if (generation === undefined) return;
    this.#generations.delete(number);
    this.pool.discard(generation.listeners);
    void generation.prepared?.close();
  }

  /** USR1: after a rotation the files are made again, for workers that could not make them. */
  reopenLogs(): void {
    try {
      for (const generation of this.#generations.values()) prepareLogFiles(generation);
    } catch (error) {
      this.#log.error(describeThrown(error));
    }
    for (const { prepared } of this.#generations.values()) prepared?.reopenLogs?.();
    this.#log.reopen();
  }

  preparedPids(): readonly number[] {
    return [...this.#generations.values()].flatMap(({ prepared }) => prepared?.pid || []);
  }

  setLogLevel(level: LogLevel): void {
    this.logs.setLevel(level);
    for (const { prepared } of this.#generations.values()) prepared?.setLogLevel?.(level);
  }

  announce(moment: LifecycleMoment): void {
    if (moment.moment === 'ready' || moment.moment === 'reloaded') releaseMemorySoon();
    for (const subscriber of this.options.subscribers ?? []) {
      try {
        subscriber(moment);
      } catch (error) {
        this.#log.error(`Exception in a subscriber of ${moment.moment}: ${String(error)}`);
      }
    }
  }

  logListening(): void {
    this.#log.info(`Listening at: ${this.#urls()} (${process.pid})`);
    this.#log.info(`Using worker: ${this.#workerName()}`);
    this.announce({ moment: 'listening', urls: this.pool.listeners.map((listener) => listener.url) });
  }

  /** With the word that the operator used for it, when that is another one. */
  #workerName(): string {
    const { name } = this.#current.workerClass;
    const { workerClass: asked } = this.settings;
    return asked === name ? name : `${name} (workerClass: ${asked})`;
  }

  writePidfile(second: boolean): void {
    const { pidfile } = this.settings;
    if (pidfile !== undefined) this.#pidfile = new Pidfile(second ? `${pidfile}.2` : pidfile);
  }

  setTitle(second: boolean): void {
    const { procName, app } = this.settings;
    process.title = `gunicorn: master${second ? '.2' : ''} [${procName ?? app ?? 'gunicorn'}]`;
  }

  /** This arbiter was the second one; it takes over the name and the pid file of the first. */
  promote(): void {
    this.setTitle(false);
    this.announce({ moment: 'promoted', pid: process.pid });
    this.shared.closeUnused();
    const { pidfile } = this.settings;
    if (pidfile !== undefined) this.#pidfile?.rename(pidfile);
  }

  watch(files: readonly string[], loadedSince: number): void {
    if (this.settings.reload) this.#watch.add(files, loadedSince);
  }

  /**
   * An exception that nobody caught. The arbiter runs no application, so it comes from a timer or a promise of
   * the configuration file or of a hook, and is no reason to leave the workers alone.
   */
  survive(error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log.error(`Uncaught exception in the arbiter, which goes on: ${detail}`);
  }

  /**
   * The last thing before the process ends; also when the start did not succeed, and then `shared` says
   * whether another arbiter serves on. `successor`: the arbiter that this one leaves the service to.
   */
  async end(exitCode: number, shared = false, successor?: number): Promise<void> {
    this.#exit.open();
    this.giveUpLoading();
    this.#watch.close();
    try {
      this.shared.closeAll(shared);
      this.pool.closeAll(shared);
      this.#pidfile?.remove();
    } catch (error) {
      this.#log.error(`Could not tidy up: ${describeThrown(error)}`);
    }
    await runHook(this.facade, 'onExit', () => this.hooks.onExit?.(this.facade));
    await closePrepared([this.#first, ...this.#generations.values()]);
    this.announce({ moment: 'stopped', exitCode, ...(successor !== undefined && { successor }) });
    this.#log.close();
  }

  async #prove(load: PreparedLoad): Promise<void> {
    await loadAhead(load, this.options);
    if (load.prepared !== undefined) this.watch(load.prepared.files, this.#loadingSince);
  }

  /** Workers of an older generation may still leave; they need no new process. */
  #retire(number: number): void {
    void this.#generations.get(number)?.prepared?.close();
    this.#generations.delete(number);
  }

  #preparation(): Parameters<typeof prepareLoad>[1] {
    const { prepare, env, cwd } = this.options;
    return { prepare, env, launchFolder: cwd, log: this.#log, mode: 'serve' };
  }

  #context(): { pool: ListenerPool; log: LedLog; env: NodeJS.ProcessEnv } {
    return { pool: this.pool, log: this.#log, env: this.options.env };
  }

  #urls(): string {
    return this.pool.listeners.map((listener) => listener.url).join(',');
  }

  #followPidfile(): void {
    try {
      this.#pidfile?.follow();
    } catch (error) {
      this.#log.error(error instanceof Error ? error.message : String(error));
    }
  }

  #followReload(): void {
    if (!this.settings.reload) return;
    const { configFile } = this.#current;
    this.#watch.configure(this.settings);
    const { links } = new Release(this.#current);
    const files = [...links, ...this.settings.envFile];
    this.#watch.add(configFile === undefined ? files : [...files, configFile], this.#loadingSince);
  }
}

import type { Application } from './application.ts';
import type { ConfigInput } from './config-input.ts';
import type { ArbiterFacade, Hooks } from './hooks.ts';
import type { ConfigProcess } from './loaded.ts';
import type { ErrorLogOutlet, Logger, LogLevel } from './logger.ts';
import type { WorkerIdentity } from './message.ts';
import type { Settings } from './settings.ts';
import type { SettingDefinition } from './setting.ts';

/** Where a target is looked for. */
export interface TargetContext {
  readonly settings: Readonly<Settings>;
  readonly cwd: string;
  /** The environment of workers. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  /** A process that has run the configuration file, in the arbiter, when there is one. */
  readonly configProcess?: ConfigProcess | undefined;
}

/** What a loader may use. Lives in the worker process. */
export interface LoaderContext extends TargetContext {
  /** The address that {@link Loader.prepare} gave the arbiter; absent where the loader prepares nothing. */
  readonly prepared?: string;
  /** The least severe level of entries that {@link Prepared.errorLog} asked for, if it did. */
  readonly entries?: LogLevel;
  /** `check` when the application is only loaded, to see whether it can be. */
  readonly mode: 'serve' | 'check';
  /** Counts spawned workers, from 1; 0 in mode `check`. */
  readonly age: number;
  /** The worker's number among all, from 1, as in the environment's `GUNICORN_WORKER`; 0 in mode `check`. */
  readonly slot: number;
  /** The `serves.concurrency` of the worker class: with `one`, an application may block the thread for a request. */
  readonly concurrency: 'one' | 'many';
  /**
   * To be called at least five times a second while an application blocks the thread in a wait for another process: looks
   * whether that takes too long, or the arbiter is gone. See `ApplicationProcess.isWatched`.
   */
  waiting(): void;
  /** Adds files to those that `reload` watches; absolute paths. At any time. Does nothing without `reload`. */
  reportFiles(files: readonly string[]): void;
  /**
   * Says that the application can serve no more, for a reason outside of this process: the worker takes nothing
   * new, leaves, and is replaced. `reason` goes to the log: `the Python process was killed by SIGSEGV`.
   */
  giveUp(reason: string): void;
  /**
   * Leads the entries of this process to somebody else. With `entries` they are held back from the start of the process
   * until this is called.
   */
  leadErrorLog(outlet: ErrorLogOutlet): void;
}

/** What `prepare` may use. Lives in the arbiter. */
export interface PrepareContext extends TargetContext {
  /** `check` when the application is only loaded, to see whether it can be: no hook is called. */
  readonly mode: 'serve' | 'check';
  /** Where the command was started, which is where a configuration file runs. */
  readonly launchFolder: string;
  /** It is this loader's from now on. */
  readonly configProcess: ConfigProcess | undefined;
  /** The registry that is in force. */
  readonly definitions: readonly SettingDefinition[];
  /** Who the application must run as; `undefined` keeps the arbiter's. */
  readonly identity: WorkerIdentity | undefined;
  /** The `serves.concurrency` of the worker class. */
  readonly concurrency: 'one' | 'many';
}

/** What all workers of a generation share outside of the arbiter and of themselves. Lives in the arbiter. */
export interface Prepared {
  /** Of the loader; workers leave the target to it without asking the others. */
  readonly loader: string;
  /** How workers find it: `LoaderContext.prepared`. */
  readonly address: string;
  /** Files that were loaded, absolute. */
  readonly files: readonly string[];
  /**
   * Called once, before the listeners of its load are opened: at the start after `onStarting`, and at each reload. What
   * it gives replaces settings of that load. What it throws stops the start, or refuses the reload.
   */
  begin?(server: ArbiterFacade): Promise<ConfigInput | undefined>;
  /** Flags of Node.js for the worker processes, before those that the arbiter was started with. */
  readonly nodeFlags?: readonly string[];
  /** Hooks of the arbiter's side, called after those of the configuration file. */
  readonly hooks?: Hooks;
  /** A worker hung, and gets `ABRT` now: what serves it elsewhere is to be told. */
  abort?(age: number): void;
  /**
   * The process of a worker has been started, and will ask for its part of what is prepared: that can be made ready
   * meanwhile. Must neither wait nor throw.
   */
  expect?(worker: { readonly age: number; readonly slot: number }): void;
  /** The process of that worker has ended, or was never started. */
  ended?(age: number): void;
  /** `USR1`: log files were renamed. */
  reopenLogs?(): void;
  /** From now on entries of this level are the least severe that the server's error log has. */
  setLogLevel?(level: LogLevel): void;
  /** Takes the entries of the arbiter, if it asks for them. Workers that are spawned while it does hold theirs back. */
  readonly errorLog?: ErrorLogOutlet;
  /** The process that it is kept in; 0 while there is none. */
  readonly pid?: number;
  /** Gives it up. Workers that have taken their part go on. Waits for its end, but not for ever. */
  close(): Promise<void>;
}

/** A loader, as the module that brings it exports it. */
export interface Loader {
  readonly name: string;
  readonly interfaceVersion: 1;
  /** Settings that come with it: flags and keys of `gunicorn.conf.ts`. */
  readonly settings?: readonly SettingDefinition[];
  /**
   * Another worker class, when the settings ask for one in other words, as `threads` does in Gunicorn. `because`
   * is logged, and `settings` win over what was given. Called in the arbiter with what is known so far; keys may be
   * missing.
   * @param folder what `chdir` leads to
   */
  chooseWorkerClass?(
    settings: Partial<Settings>,
    folder: string,
  ): { readonly workerClass: string; readonly because: string; readonly settings?: ConfigInput } | undefined;
  /**
   * Whether the entries of the error log may be asked for by what {@link prepare} is going to prepare: those of the
   * start are held back until then. Called in the arbiter.
   */
  mayTakeEntries?(settings: Readonly<Settings>, configProcess: ConfigProcess | undefined): boolean;
  /**
   * Says whether the target is this loader's, without running it. When not, `looked` lists what was
   * looked for, and goes into the one error that the operator sees.
   */
  recognise(
    target: string,
    context: TargetContext,
  ): Promise<{ readonly found: true } | { readonly found: false; readonly looked: readonly string[] }>;
  /**
   * Prepares what all workers of a load share, in a process of its own: the application itself with `preloadApp`.
   * Called in the arbiter, which never runs application code itself, at the start, at each reload, and for
   * `--check-config`. Throws as {@link load} does.
   */
  prepare?(target: string, context: PrepareContext): Promise<Prepared>;
  /**
   * Loads it, in the worker process, after privileges were dropped. Loaders are asked in order; the first that
   * recognises the target loads it. Throw an `OperatorError` with `exitCode` 4 when something is missing or cannot
   * be served; whatever the application itself throws passes through and becomes exit code 3.
   */
  load(target: string, context: LoaderContext): Promise<Application>;
}

/** A loader that the command found. Lives in the arbiter. */
export interface InstalledLoader {
  readonly loader: Loader;
  /** `file:` URL of the module that exports it as `loader`, for worker processes. */
  readonly loaderModule: string;
}

import type { Application } from './application.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';
import type { SettingDefinition } from './setting.ts';

/** What a loader may use. Lives in the worker process. */
export interface LoaderContext {
  readonly settings: Readonly<Settings>;
  readonly cwd: string;
  readonly log: Logger;
  /** `check` when the application is only loaded, to see whether it can be. */
  readonly mode: 'serve' | 'check';
  /** Counts spawned workers, from 1; 0 in mode `check`. */
  readonly age: number;
  /** The `serves.concurrency` of the worker class: with `one`, an application may block the thread for a request. */
  readonly concurrency: 'one' | 'many';
  /** Adds files to those that `reload` watches; absolute paths. At any time. Does nothing without `reload`. */
  reportFiles(files: readonly string[]): void;
  /**
   * Says that the application can serve no more, for a reason outside of this process: the worker takes nothing
   * new, leaves, and is replaced. `reason` goes to the log: `the Python process was killed by SIGSEGV`.
   */
  giveUp(reason: string): void;
}

/** A loader, as the module that brings it exports it. */
export interface Loader {
  readonly name: string;
  readonly interfaceVersion: 1;
  /** Settings that come with it: flags and keys of `gunicorn.conf.ts`. */
  readonly settings?: readonly SettingDefinition[];
  /**
   * Another worker class, when the settings ask for one in other words, as `threads` does in Gunicorn. `because`
   * is logged. Called in the arbiter with what is known so far; keys may be missing.
   */
  chooseWorkerClass?(
    settings: Partial<Settings>,
  ): { readonly workerClass: string; readonly because: string } | undefined;
  /**
   * Says whether the target is this loader's, without running it. When not, `looked` lists what was
   * looked for, and goes into the one error that the operator sees.
   */
  recognise(
    target: string,
    context: LoaderContext,
  ): Promise<{ readonly found: true } | { readonly found: false; readonly looked: readonly string[] }>;
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

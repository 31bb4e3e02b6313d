import type { Application } from './application.ts';
import type { Logger } from './logger.ts';
import type { Settings } from './settings.ts';
import type { SettingDefinition } from './setting.ts';

/** What a loader may use. Lives in the worker process. */
export interface LoaderContext {
  readonly settings: Readonly<Settings>;
  readonly cwd: string;
  readonly log: Logger;
}

/**
 * Turns a target such as `mysite.wsgi:application` into an application. Runs in the worker process,
 * after privileges were dropped. Loaders are asked in order; the first that recognises the target
 * loads it.
 */
export interface Loader {
  readonly name: string;
  readonly interfaceVersion: 1;
  readonly settings?: readonly SettingDefinition[];
  /**
   * Says whether the target is this loader's, without running it. When not, `looked` lists what was
   * looked for, and goes into the one error that the operator sees.
   */
  recognise(
    target: string,
    context: LoaderContext,
  ): Promise<{ readonly found: true } | { readonly found: false; readonly looked: readonly string[] }>;
  /**
   * Loads it. Throw an `OperatorError` with `exitCode` 4 when something is missing or cannot be
   * served; whatever the application itself throws passes through and becomes exit code 3.
   */
  load(target: string, context: LoaderContext): Promise<Application>;
}

import type { ConfigInput } from './config-input.ts';
import type { Hooks } from './hooks.ts';
import type { Problem, SettingSource } from './problem.ts';
import type { SettingDefinition } from './setting.ts';
import type { Settings } from './settings.ts';
import type { WorkerClass } from './worker.ts';

/** A process that has run the configuration file, and knows what else is in it. Lives in the arbiter. */
export interface ConfigProcess {
  /** Whether a module is there for it: the file may have said where to look. */
  hasModule(name: string): Promise<boolean>;
  /** Nobody goes on with it. */
  close(): void;
}

/** One load of the settings: everything that a generation of workers shares. Frozen; lives in the arbiter. */
export interface LoadedSettings {
  readonly settings: Readonly<Settings>;
  /** Where each value came from. */
  readonly sources: Readonly<Record<string, SettingSource>>;
  readonly hooks: Hooks;
  /**
   * What workers have beyond the environment of the command: of `envFile`, and what the configuration file set while
   * it ran; `undefined` for a variable that it removed. May hold secrets: never to be logged.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `settings.chdir` led to when this was loaded, without links. */
  readonly folder: string;
  /** Absolute path of the configuration file that was read. */
  readonly configFile: string | undefined;
  readonly workerClass: WorkerClass;
  /** `file:` URL of the module that the worker process imports to get its worker class. */
  readonly workerModule: string;
  /** `file:` URLs of the modules that worker processes get further loaders from. */
  readonly loaderModules: readonly string[];
  /** The registry that was in force: the built-in settings, those of the loaders and those of the worker class. */
  readonly definitions: readonly SettingDefinition[];
  /** Things that are odd but not wrong; logged at warning. */
  readonly warnings: readonly Problem[];
  /** Set when the configuration file is in another language. */
  readonly configProcess?: ConfigProcess | undefined;
  /** What is in that file and not obeyed, unless a loader goes on with the process. */
  readonly uncalled?: readonly Problem[] | undefined;
  /** The same load with some settings replaced, checked like any other. Rejects with an `OperatorError`. */
  revise?(changes: ConfigInput): Promise<LoadedSettings>;
}

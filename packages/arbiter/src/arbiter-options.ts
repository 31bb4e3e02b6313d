import type { LifecycleSubscriber, LoadedSettings, LogLevel, Settings } from '@gunicorn-ts/interface';
import type { ErrorLog } from '@gunicorn-ts/logging';
import type { Prepare } from './load-ahead.ts';

/** What starts a second arbiter. */
export interface ServerCommand {
  /** The program and the words in front of the server's arguments: Node.js, its flags and a script, or a launcher. */
  readonly program: readonly [string, ...string[]];
  /** Arguments of the server. */
  readonly argv: readonly string[];
}

/** What `runArbiter` needs from the command. */
export interface ArbiterOptions {
  readonly loaded: LoadedSettings;
  /** Reads the settings again, for HUP, until the signal. Rejects with an `OperatorError` that says what is wrong. */
  reload(running: LoadedSettings, signal: AbortSignal): Promise<LoadedSettings>;
  openLog(settings: Readonly<Settings>): ErrorLog;
  /** Told of every entry of the arbiter's error log. */
  readonly onLogEntry?: (level: LogLevel) => void;
  /** What is being prepared may ask for the entries of the start: they wait for it. */
  readonly holdEntries?: boolean;
  /** The script that a worker process runs. */
  readonly workerHostEntry: string;
  /** Where it keeps the code that it compiles, for the next one. Nobody else can write there. */
  readonly compiledFolder?: string | undefined;
  /** Lets the loader of the application prepare what the workers share. */
  readonly prepare?: Prepare;
  readonly command: ServerCommand;
  /** The directory and environment that the command was started with. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** What of its environment only the arbiter was meant to see: a second one gets it as well, workers do not. */
  readonly secondArbiterEnv?: NodeJS.ProcessEnv;
  readonly subscribers?: readonly LifecycleSubscriber[];
}

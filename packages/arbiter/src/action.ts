import type { FurtherAddress, LifecycleMoment, LogFields, LogLevel } from '@gunicorn-ts/interface';

/** What the arbiter is to do, as plain data. `decide` returns these, `Effects` carries them out. */
export type Action =
  | { readonly do: 'log'; readonly level: LogLevel; readonly message: string; readonly fields?: LogFields }
  /** Start a worker process on the settings of a generation. Answers with `spawned` or `exited`. */
  | { readonly do: 'spawn'; readonly age: number; readonly generation: number; readonly slot: number }
  | { readonly do: 'signal-worker'; readonly age: number; readonly signal: NodeJS.Signals }
  /** It hangs, and is killed in a moment: its watchdog writes what it had, a live loop runs `workerAbort`. */
  | { readonly do: 'abort-worker'; readonly age: number }
  /** Read the settings again, aside. Answers with `loaded` or `load-failed`. */
  | { readonly do: 'load'; readonly generation: number }
  /** Another load will follow: this one need not be waited for. */
  | { readonly do: 'give-up-loading' }
  /** The generation has proved itself: its settings, listeners and logs become the arbiter's own. */
  | { readonly do: 'adopt'; readonly generation: number }
  /** The generation will not be: close what was opened for it alone. */
  | { readonly do: 'discard'; readonly generation: number }
  | { readonly do: 'reopen-logs' }
  | { readonly do: 'set-log-level'; readonly level: LogLevel }
  | { readonly do: 'start-upgrade' }
  | { readonly do: 'promote' }
  /** `shared`: another arbiter has them, too, and goes on with them. */
  | { readonly do: 'close-listeners'; readonly shared: boolean }
  /** No worker listens on this slot any more; only with `reusePort`. */
  | { readonly do: 'close-slot'; readonly slot: number; readonly shared: boolean }
  /** The application in a worker listens at a further address. Answers the worker. */
  | {
      readonly do: 'share-listener';
      readonly age: number;
      readonly id: number;
      readonly address: FurtherAddress;
    }
  /** `others`: workers serve that did not ask for what this one listened on. */
  | { readonly do: 'release-shared'; readonly age: number; readonly others: boolean }
  /** `loadedWithinMs`: how long ago they were loaded at most. */
  | { readonly do: 'watch'; readonly files: readonly string[]; readonly loadedWithinMs: number }
  | { readonly do: 'hook-nworkers-changed'; readonly now: number; readonly before: number | undefined }
  | { readonly do: 'hook-child-exit'; readonly age: number }
  /** The process has ended and nothing more is known of it: release its descriptors. */
  | { readonly do: 'forget-worker'; readonly age: number }
  | { readonly do: 'announce'; readonly moment: LifecycleMoment }
  | { readonly do: 'finish'; readonly exitCode: number; readonly successor?: number };

/** Shorthand for the most frequent action. */
export function log(level: LogLevel, message: string, fields?: LogFields): Action {
  return fields === undefined ? { do: 'log', level, message } : { do: 'log', level, message, fields };
}

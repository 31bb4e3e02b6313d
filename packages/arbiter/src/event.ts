import type { ArbiterSignal, Autopsy, ControlRequest, Settings, WorkerMessage } from '@gunicorn-ts/interface';

/**
 * Everything that can wake the arbiter. Signal handlers, timers, worker messages and child exits only
 * put one of these into the queue; the loop is their sole reader. `now` is monotonic, in milliseconds.
 */
export type ArbiterEvent = { readonly now: number } & (
  | { readonly type: 'start' }
  /** `atTerminal`: a WINCH came while this process belonged to a terminal. */
  | { readonly type: 'signal'; readonly signal: ArbiterSignal; readonly atTerminal?: boolean }
  /** `by`: who asks, in words. */
  | { readonly type: 'asked'; readonly request: ControlRequest; readonly by: string }
  /** Time has passed. `beats`: when each worker's heartbeat last moved. */
  | { readonly type: 'tick'; readonly beats: ReadonlyMap<number, number> }
  | { readonly type: 'spawned'; readonly age: number; readonly pid: number }
  | {
      readonly type: 'message';
      readonly age: number;
      readonly message: Exclude<WorkerMessage, { type: 'log-lines' }>;
    }
  | { readonly type: 'autopsy'; readonly age: number; readonly autopsy: Autopsy }
  /** The worker wrote what is not to be listened to. */
  | { readonly type: 'unbearable'; readonly age: number; readonly reason: string }
  | ({ readonly type: 'exited'; readonly age: number } & Exit)
  /** New settings were loaded and their listeners opened, aside. */
  | { readonly type: 'loaded'; readonly generation: number; readonly settings: Readonly<Settings> }
  | { readonly type: 'load-failed'; readonly generation: number; readonly reason: string }
  /** A watched file changed; only with `reload`. */
  | { readonly type: 'files-changed'; readonly files: readonly string[] }
  | { readonly type: 'upgrade-started'; readonly pid: number }
  | { readonly type: 'upgrade-ended'; readonly reason: string }
  /** The arbiter that started this one by USR2 is gone. */
  | { readonly type: 'parent-gone' }
);

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The kernel's count of out-of-memory kills in our cgroup went up. */
  readonly outOfMemory: boolean;
  /** The process could not even be started. */
  readonly spawnError?: string;
}

import type { ArbiterControl } from './arbiter-control.ts';
import type { ArbiterView } from './arbiter-view.ts';

/** How a worker's process ended. */
export const EXIT_CAUSES = [
  'asked',
  'requests',
  'lifetime',
  'memory',
  'timeout',
  'boot',
  'oom',
  'killed',
  'signal',
  'crash',
] as const;

/** One of {@link EXIT_CAUSES}. */
export type ExitCause = (typeof EXIT_CAUSES)[number];

/**
 * The named moments of the arbiter's life. Packages that tell the outside world about it (systemd,
 * metrics) subscribe to these; the arbiter knows none of them.
 */
export type LifecycleMoment =
  /**
   * The settings are good; nothing is open yet. `parentPid`: the arbiter that started this one by USR2, and serves on.
   * `arbiter` can be looked at from now on, and `control` be asked.
   */
  | {
      readonly moment: 'starting';
      readonly parentPid?: number;
      readonly arbiter: ArbiterView;
      readonly control: ArbiterControl;
    }
  /** The listeners are bound; no worker serves yet. */
  | { readonly moment: 'listening'; readonly urls: readonly string[] }
  /** Every wanted worker is serving, for the first time. */
  | { readonly moment: 'ready' }
  /** The settings are about to be read again. */
  | { readonly moment: 'reloading' }
  /** The reload is over; `error` says why the old generation was kept. */
  | { readonly moment: 'reloaded'; readonly error?: string }
  /** The last worker of an older generation is gone: the reload is through. */
  | { readonly moment: 'renewed'; readonly generation: number }
  /** A worker's process was started. */
  | { readonly moment: 'worker-started'; readonly age: number; readonly slot: number; readonly pid: number }
  /** It takes connections, `bootMs` milliseconds after its start was decided. */
  | { readonly moment: 'worker-ready'; readonly age: number; readonly slot: number; readonly bootMs: number }
  /** It is silent for longer than `timeout`. */
  | { readonly moment: 'worker-hung'; readonly age: number; readonly slot: number; readonly pid: number }
  /** It has ended. What it wrote in its memory can be read for the last time. */
  | {
      readonly moment: 'worker-ended';
      readonly age: number;
      readonly slot: number;
      readonly pid: number;
      readonly cause: ExitCause;
      /** What it said of its end; a traceback may stand below. */
      readonly reason?: string;
    }
  /** Workers came, became ready, or went. */
  | { readonly moment: 'counts'; readonly counts: WorkerCounts }
  /** Once a second, while the arbiter's loop turns. */
  | { readonly moment: 'tick'; readonly counts: WorkerCounts }
  /** A second arbiter was started, and has this process id. */
  | { readonly moment: 'upgrading'; readonly pid: number }
  /** It ended before this one did. */
  | { readonly moment: 'upgrade-failed'; readonly error: string }
  /** This arbiter was the second one of an upgrade, and is now the only one. */
  | { readonly moment: 'promoted'; readonly pid: number }
  /**
   * The server is not to be sent requests any more, and serves what comes. A stop begins in so many seconds
   * (`shutdownDelay`); without them the server stays so until it is told otherwise.
   */
  | { readonly moment: 'withdrawing'; readonly seconds?: number }
  /** It may be sent requests again. */
  | { readonly moment: 'resumed' }
  /**
   * A stop begins: the listeners are about to be closed, the workers to be told. `successor`: the process id of the
   * second arbiter of an upgrade, which serves on.
   */
  | { readonly moment: 'stopping'; readonly successor?: number }
  /** The last moment: the process ends with this code, and leaves the service to the `successor`, if there is one. */
  | { readonly moment: 'stopped'; readonly exitCode: number; readonly successor?: number };

/** How many workers there are, by what they are doing. */
export interface WorkerCounts {
  /** How many are wanted. */
  readonly target: number;
  readonly booting: number;
  readonly ready: number;
  readonly draining: number;
}

/** Called for each moment, in order. A subscriber that throws is logged and not called less. */
export type LifecycleSubscriber = (moment: LifecycleMoment) => void;

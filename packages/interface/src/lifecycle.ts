/**
 * The named moments of the arbiter's life. Packages that tell the outside world about it (systemd,
 * metrics) subscribe to these; the arbiter knows none of them.
 */
export type LifecycleMoment =
  /** The settings are good; nothing is open yet. */
  | { readonly moment: 'starting' }
  /** The listeners are bound; no worker serves yet. */
  | { readonly moment: 'listening'; readonly urls: readonly string[] }
  /** Every wanted worker is serving, for the first time. */
  | { readonly moment: 'ready' }
  /** The settings are about to be read again. */
  | { readonly moment: 'reloading' }
  /** The reload is over; `error` says why the old generation was kept. */
  | { readonly moment: 'reloaded'; readonly error?: string }
  /** Workers came, became ready, or went. */
  | { readonly moment: 'counts'; readonly counts: WorkerCounts }
  /** Once a second, while the arbiter's loop turns. */
  | { readonly moment: 'tick'; readonly counts: WorkerCounts }
  /** This arbiter was the second one of an upgrade, and is now the only one. */
  | { readonly moment: 'promoted'; readonly pid: number }
  /** A stop begins: the listeners are about to be closed, the workers to be told. */
  | { readonly moment: 'stopping' }
  /** The last moment: the process ends with this code. */
  | { readonly moment: 'stopped'; readonly exitCode: number };

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

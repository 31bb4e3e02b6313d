/** What the arbiter does on a signal. The sentences also make the reference page. */
export const ARBITER_SIGNALS = {
  SIGTERM: 'graceful stop: workers finish what they have, within `gracefulTimeout`',
  SIGINT: 'quick stop; a second one, or one during a graceful stop, shortens the wait to 2 s',
  SIGQUIT: 'quick stop, as INT',
  SIGHUP:
    'reload settings and application, one worker at a time. Before the first worker is ready it waits for that one',
  SIGTTIN: 'one worker more',
  SIGTTOU: 'one worker less, never below one',
  SIGUSR1: 're-open the log files, in the arbiter and in every worker',
  SIGUSR2: 'start a second arbiter on the same listeners, to upgrade without a gap',
  SIGWINCH:
    'drain all workers and keep the listeners; HUP brings the workers back. Ignored while the arbiter belongs to a terminal, which sends it when its size changes',
} as const;

/** What a worker does on a signal. */
export const WORKER_SIGNALS = {
  SIGTERM: 'drain: take nothing new, finish what is in flight, leave',
  SIGINT: 'leave at once',
  SIGQUIT: 'leave at once',
  SIGUSR1: 're-open the log files',
  SIGABRT: 'call the `workerAbort` hook and leave with exit code 1 (when the event loop still turns)',
  SIGHUP: 'ignored: the arbiter decides on reloads',
  SIGUSR2: 'ignored: the arbiter decides on upgrades',
  SIGWINCH: 'ignored',
  SIGTTIN: 'ignored',
  SIGTTOU: 'ignored',
} as const;

/** A signal that the arbiter handles. */
export type ArbiterSignal = keyof typeof ARBITER_SIGNALS;

/** A signal that a worker handles. */
export type WorkerSignal = keyof typeof WORKER_SIGNALS;

type EverySignalExists<T extends NodeJS.Signals> = T;
/** Names in the tables above that the system does not know fail to compile here. */
export type HandledSignal = EverySignalExists<ArbiterSignal | WorkerSignal>;

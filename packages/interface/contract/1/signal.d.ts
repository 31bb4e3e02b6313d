export declare const ARBITER_SIGNALS: {
    readonly SIGTERM: 'graceful stop: workers finish what they have, within `gracefulTimeout`';
    readonly SIGINT: 'quick stop; a second one, or one during a graceful stop, shortens the wait to 2 s';
    readonly SIGQUIT: 'quick stop, as INT';
    readonly SIGHUP: 'reload settings and application, one worker at a time. Before the first worker is ready it waits for that one';
    readonly SIGTTIN: 'one worker more';
    readonly SIGTTOU: 'one worker less, never below one';
    readonly SIGUSR1: 're-open the log files, in the arbiter and in every worker';
    readonly SIGUSR2: 'start a second arbiter on the same listeners, to upgrade without a gap';
    readonly SIGWINCH: 'drain all workers and keep the listeners; HUP brings the workers back. Ignored while the arbiter belongs to a terminal, which sends it when its size changes';
};
export declare const WORKER_SIGNALS: {
    readonly SIGTERM: 'drain: take nothing new, finish what is in flight, leave';
    readonly SIGINT: 'leave at once';
    readonly SIGQUIT: 'leave at once';
    readonly SIGUSR1: 're-open the log files';
    readonly SIGABRT: 'call the `workerAbort` hook and leave with exit code 1 (when the event loop still turns)';
    readonly SIGHUP: 'ignored: the arbiter decides on reloads';
    readonly SIGUSR2: 'ignored: the arbiter decides on upgrades';
    readonly SIGWINCH: 'ignored';
    readonly SIGTTIN: 'ignored';
    readonly SIGTTOU: 'ignored';
};
export type ArbiterSignal = keyof typeof ARBITER_SIGNALS;
export type WorkerSignal = keyof typeof WORKER_SIGNALS;
type EverySignalExists<T extends NodeJS.Signals> = T;
export type HandledSignal = EverySignalExists<ArbiterSignal | WorkerSignal>;
export {};

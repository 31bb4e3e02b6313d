import { WORKER_SIGNALS, type WorkerSignal } from '@gunicorn-ts/interface';

/**
 * Holds a handler for every signal of `WORKER_SIGNALS` from the first moment of the process, so that
 * none of them falls to its default action: HUP and USR2 would kill the worker, USR1 would open
 * Node's inspector. Signals go to one receiver, which the stages of the worker's life exchange.
 */
export class SignalInbox {
  #receiver: (signal: WorkerSignal) => void;
  readonly #listeners = new Set<() => void>();

  /** `receiver` gets the signals until {@link SignalInbox.route} names another one. */
  constructor(receiver: (signal: WorkerSignal) => void) {
    this.#receiver = receiver;
    for (const signal of Object.keys(WORKER_SIGNALS) as WorkerSignal[]) {
      const listener = (): void => this.#receiver(signal);
      this.#listeners.add(listener);
      process.on(signal, listener);
    }
    // `process.removeAllListeners('SIGTERM')` is meant for what the application had there, not for the drain.
    process.on('removeListener', (event, listener) => {
      if (this.owns(listener)) process.on(event, listener as () => void);
    });
  }

  /** Whether a listener of `process` is one of these handlers. */
  owns(listener: unknown): boolean {
    return this.#listeners.has(listener as () => void);
  }

  route(receiver: (signal: WorkerSignal) => void): void {
    this.#receiver = receiver;
  }
}

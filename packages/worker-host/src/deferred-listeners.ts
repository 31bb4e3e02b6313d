import { constants } from 'node:os';
import type { Logger } from '@gunicorn-ts/interface';
import { within } from './deadline.ts';
import { userStack } from './failure.ts';

type SignalListener = (signal: string, number: number) => unknown;

/** How long listeners that return nothing get to call `process.exit` themselves, in milliseconds. */
const EXIT_PATIENCE_MS = 1000;

/**
 * Keeps the application's own SIGTERM listeners until its requests are done. Scripts that are used to run
 * alone close their server and call `process.exit` there, and would cut off what the worker still serves.
 */
export class DeferredListeners {
  readonly #listeners: SignalListener[] = [];

  /** `isHost` tells the worker host's own listeners, which it adds again when the application removed them. */
  constructor(isHost: (listener: unknown) => boolean) {
    process.on('newListener', (event, listener: SignalListener) => {
      if (event !== 'SIGTERM' || isHost(listener)) return;
      this.#listeners.push(listener);
      // The event comes before the listener is added.
      process.nextTick(() => process.off('SIGTERM', listener));
    });
  }

  /** Calls them, and waits `limitMs` milliseconds at the most for what they do. What they throw is logged. */
  async call(limitMs: number, log: Logger | undefined): Promise<void> {
    if (this.#listeners.length === 0) return;
    const results = this.#listeners.map(async (listener): Promise<boolean> => {
      const result = listener('SIGTERM', constants.signals.SIGTERM);
      await result;
      return result !== undefined;
    });
    const settled = Promise.all(results).then(async (waited) => {
      if (waited.includes(false)) await within(EXIT_PATIENCE_MS, new Promise(() => undefined));
    });
    try {
      await within(limitMs, settled);
    } catch (error) {
      log?.error(`A SIGTERM listener of the application threw: ${userStack(error)}`);
    }
  }
}

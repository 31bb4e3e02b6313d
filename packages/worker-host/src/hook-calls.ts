import type { Hooks, Logger, WorkerFacade } from '@gunicorn-ts/interface';
import { userStack } from './failure.ts';
import { within } from './deadline.ts';

/** How long a hook may hold up the end of the process, in milliseconds. */
const HOOK_PATIENCE_MS = 1000;

/** Calls the hooks of the worker's side. */
export class HookCalls {
  readonly hooks: Hooks;
  readonly #worker: WorkerFacade;
  readonly #log: Logger;

  constructor(hooks: Hooks, worker: WorkerFacade, log: Logger) {
    this.hooks = hooks;
    this.#worker = worker;
    this.#log = log;
  }

  /** Waits for the hook; what it throws passes through and ends the boot. */
  async atBoot(name: 'postFork' | 'postWorkerInit'): Promise<void> {
    await this.hooks[name]?.(this.#worker);
  }

  /** Waits for the hook, but not for ever; what it throws is logged. */
  async atEnd(name: 'workerInt' | 'workerAbort' | 'workerExit'): Promise<void> {
    try {
      const done = await within(HOOK_PATIENCE_MS, this.hooks[name]?.(this.#worker));
      if (!done) this.#log.warning(`The hook ${name} did not return within ${HOOK_PATIENCE_MS} ms`);
    } catch (error) {
      this.#log.error(`The hook ${name} threw: ${userStack(error)}`);
    }
  }
}

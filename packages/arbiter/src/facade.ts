import type { ArbiterFacade, Listener, Logger, Settings } from '@gunicorn-ts/interface';

/** What it shows of the server. */
interface Shown {
  readonly settings: Readonly<Settings>;
  readonly log: Logger;
  readonly pool: { readonly listeners: readonly Listener[] };
  readonly target: number;
}

/** The arbiter as hooks see it: what they may read, and nothing to call. */
export class Facade implements ArbiterFacade {
  readonly pid: number = process.pid;
  readonly #server: Shown;

  constructor(server: Shown) {
    this.#server = server;
  }

  get settings(): Readonly<Settings> {
    return this.#server.settings;
  }

  get log(): Logger {
    return this.#server.log;
  }

  get listeners(): readonly Listener[] {
    return this.#server.pool.listeners;
  }

  get numWorkers(): number {
    return this.#server.target;
  }
}

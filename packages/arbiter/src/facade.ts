import type { ArbiterFacade, Listener, Logger, Settings } from '@gunicorn-ts/interface';
import type { Server } from './server.ts';

/** The arbiter as hooks see it: what they may read, and nothing to call. */
export class Facade implements ArbiterFacade {
  readonly pid: number = process.pid;
  readonly #server: Server;

  constructor(server: Server) {
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

import { exitRefused } from './errors.ts';

/**
 * Stands between `process.exit` and a configuration file that is read while the server runs. `process.exit` at
 * its top level would end a server that serves.
 */
export class ExitDoor {
  #open = false;

  /** Whoever calls `process.exit` during `work` gets an error instead, until {@link ExitDoor.open} was called. */
  async refused<T>(work: () => Promise<T>): Promise<T> {
    const { exit } = process;
    process.exit = (code) => {
      if (this.#open) return exit.call(process, code);
      throw exitRefused(code);
    };
    try {
      return await work();
    } finally {
      process.exit = exit;
    }
  }

  /** The process is to end now, whether the work is done or not. */
  open(): void {
    this.#open = true;
  }
}

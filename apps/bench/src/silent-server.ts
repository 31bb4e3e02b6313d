import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunningServer } from './running-server.ts';

const START_MS = 20_000;

/** A server that does not say when it listens: it is asked until it does. */
export class SilentServer extends RunningServer {
  readonly #port: number;
  readonly #cleanUp: () => void;

  /** @param cleanUp called once it has stopped */
  constructor(command: readonly string[], port: number, cleanUp: () => void = () => {}) {
    super(command);
    this.#port = port;
    this.#cleanUp = cleanUp;
  }

  override listening(): Promise<number> {
    return this.unlessItEnds(this.#answered());
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.#cleanUp();
  }

  async #answered(): Promise<number> {
    const end = performance.now() + START_MS;
    while (!(await takes(this.#port))) {
      if (performance.now() > end) throw new Error(`Nothing listens on port ${this.#port}`);
      await sleep(20);
    }
    return this.#port;
  }
}

function takes(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

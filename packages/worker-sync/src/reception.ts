import {
  type Connection,
  Engine,
  type EngineOptions,
  type LocalAddress,
  type Patience,
} from '@gunicorn-ts/http-server';
import type { Listener, Logger } from '@gunicorn-ts/interface';
import { awaitReadable } from '@gunicorn-ts/posix';
import type { Acceptor, Taken } from './acceptor.ts';
import { faultOfConnection } from './errors.ts';
import type { Turns } from './turns.ts';

/** Connections that are taken in a row without one that has a whole request. */
const MOST_IN_VAIN = 16;
/** How long a new connection is waited for before another one is taken, in milliseconds. */
const PATIENCE_MS = 1;
/** After so many connections in a row that were waited for in vain, only every so many-th is. */
const MOST_DISAPPOINTMENTS = 4;

export interface ReceptionOptions {
  readonly engine: Pick<EngineOptions, 'rules' | 'service' | 'limits'>;
  readonly acceptor: Pick<Acceptor, 'accept'>;
  readonly turns: Turns;
  /** Connections whose request is not complete: the one that has waited longest makes room for a new one. */
  readonly places: number;
  readonly log: Logger;
  /** Takes connections in place of the engine. */
  take?(taken: Taken): void;
}

/**
 * Takes connections, and has those served that have a whole request. The others stay with the engine, and are read when
 * there is time: a client that sends slowly, or half a request, costs nobody else anything.
 */
export class Reception {
  readonly engine: Engine;
  readonly #options: ReceptionOptions;
  #latest: Connection | undefined;
  #disappointments = 0;
  #hasCome = false;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.engine = new Engine({
      ...options.engine,
      allowHalfOpen: true,
      onConnection: (connection) => this.#arrange(connection as Connection),
    });
  }

  /**
   * Serves a request, one that waits or one of a new connection.
   * @returns whether there was one; a promise that the application made wait
   */
  next(): boolean | Promise<void> {
    const { turns } = this.#options;
    for (let tries = 0; tries < MOST_IN_VAIN; tries++) {
      this.#latest = undefined;
      this.#hasCome = false;
      const served = turns.next(this.#take);
      if (served !== false || !this.#hasCome) return served;
    }
    return false;
  }

  readonly #take = (): void => {
    const { acceptor, take } = this.#options;
    const taken = acceptor.accept();
    if (taken === undefined) return;
    this.#hasCome = true;
    if (take !== undefined) take(taken);
    else this.#serve(taken);
  };

  #serve({ accepted, listener }: Taken): void {
    try {
      this.engine.serveDescriptor(accepted, localOf(listener), this.#waitFor);
    } catch (error) {
      this.#options.log.error(faultOfConnection(error));
      this.#latest?.destroy();
    }
  }

  #arrange(connection: Connection): boolean {
    this.#latest = connection;
    const { connections, service } = this.engine;
    if (connections.size <= this.#options.places) return true;
    for (const other of connections) {
      if (other === connection || !isArriving(other)) continue;
      service.expire(other);
      break;
    }
    return true;
  }

  /**
   * Most connections are accepted a few microseconds before their request arrives. To take another one
   * meanwhile would keep this one from the workers that are free. Clients that mean to be slow must not be
   * waited for one after the other, though.
   */
  readonly #waitFor: Patience = (fd) => {
    if (this.#disappointments >= MOST_DISAPPOINTMENTS) {
      this.#disappointments = (this.#disappointments + 1) % (MOST_DISAPPOINTMENTS * MOST_IN_VAIN);
      return false;
    }
    const came = awaitReadable(fd, PATIENCE_MS);
    this.#disappointments = came ? 0 : this.#disappointments + 1;
    return came;
  };
}

/** Whether it waits for the rest of its request. */
function isArriving({ stage, isReceiving }: Connection): boolean {
  return stage === 'fresh' || stage === 'head' || (stage === 'serving' && isReceiving);
}

/** Where connections of a listener were accepted. */
function localOf({ address }: Listener): LocalAddress {
  return address.kind === 'tcp' ? address : undefined;
}

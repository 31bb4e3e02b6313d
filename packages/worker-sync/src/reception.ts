import type { ConnectionInfo } from '@gunicorn-ts/http';
import { awaitReadable } from '@gunicorn-ts/posix';
import type { Connection } from './connection.ts';
import { IncomingRequest, type RequestMaking } from './incoming-request.ts';
import type { Arriving, ParkingLot } from './parking-lot.ts';
import type { Refusals } from './refusals.ts';
import type { Reading, RequestReader } from './request-reader.ts';

/** Where connections come from. */
export interface ConnectionSource {
  accept(): Connection | undefined;
}

export interface ReceptionOptions {
  readonly making: RequestMaking;
  readonly source: ConnectionSource;
  readonly reader: RequestReader;
  readonly lot: ParkingLot;
  readonly refusals: Refusals;
}

/** Connections that are taken in a row without one that has a whole request. */
const MOST_IN_VAIN = 16;
/** How long a new connection is waited for before another one is taken, in milliseconds. */
const PATIENCE_MS = 1;
/** After so many connections in a row that were waited for in vain, only every so many-th is. */
const MOST_DISAPPOINTMENTS = 4;

/** Takes connections and finds those that have a whole request. */
export class Reception {
  readonly #options: ReceptionOptions;
  #spare: IncomingRequest | undefined;
  #disappointments = 0;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** The next request that is complete. `undefined` when there is none now. */
  next(): Arriving | undefined {
    const { source, lot, refusals } = this.#options;
    const complete = lot.takeComplete();
    if (complete !== undefined) return complete;
    for (let tries = 0; tries < MOST_IN_VAIN; tries++) {
      const connection = source.accept();
      if (connection === undefined) return undefined;
      const incoming = this.#incomingFor(connection);
      const arriving = { connection, incoming };
      try {
        const reading = this.#read(connection, incoming);
        if (reading === 'complete') return arriving;
        this.#spare = undefined;
        if (reading === 'nothing') lot.park(arriving);
        else refusals.turnAway(connection, incoming, reading);
      } catch (error) {
        this.#spare = undefined;
        refusals.fault(connection, incoming, error);
      }
    }
    return undefined;
  }

  /** Gives back what a request was read with, for the next one. */
  recycle(incoming: IncomingRequest): void {
    this.#spare = incoming;
  }

  #incomingFor({ peer, front }: Connection): IncomingRequest {
    const info: ConnectionInfo = { address: peer.host, secure: front !== undefined };
    const spare = this.#spare;
    if (spare === undefined) return new IncomingRequest(this.#options.making, info);
    spare.restart(info);
    return spare;
  }

  #read(connection: Connection, incoming: IncomingRequest): Exclude<Reading, 'more'> {
    const { reader } = this.#options;
    for (let waited = false; ;) {
      const reading = reader.read(connection, incoming);
      if (reading === 'more') continue;
      if (reading !== 'nothing') return reading;
      if (waited || !this.#waitFor(connection)) return 'nothing';
      waited = true;
    }
  }

  /**
   * Most connections are accepted a few microseconds before their request arrives. To take another one
   * meanwhile would keep this one from the workers that are free. Clients that mean to be slow must not be
   * waited for one after the other, though.
   */
  #waitFor({ fd, front }: Connection): boolean {
    // This thread is needed to decrypt what comes.
    if (front !== undefined) return false;
    if (this.#disappointments >= MOST_DISAPPOINTMENTS) {
      this.#disappointments = (this.#disappointments + 1) % (MOST_DISAPPOINTMENTS * MOST_IN_VAIN);
      return false;
    }
    const came = awaitReadable(fd, PATIENCE_MS);
    this.#disappointments = came ? 0 : this.#disappointments + 1;
    return came;
  }
}

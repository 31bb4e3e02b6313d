import type { Connection } from './connection.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { Refusals } from './refusals.ts';
import type { RequestReader } from './request-reader.ts';
import type { Watch, Watcher } from './watch.ts';

/** A connection and its request, complete or not. */
export interface Arriving {
  readonly connection: Connection;
  readonly incoming: IncomingRequest;
}

export interface ParkingOptions {
  readonly watch: Watch;
  readonly reader: RequestReader;
  readonly refusals: Refusals;
  /** Connections at most: the one that has waited longest makes room for a new one. */
  readonly places: number;
  /** Patience with a client that does not complete its head, or stops sending its body; `Infinity` is endless. */
  readonly patienceMs: number;
}

/** Reads in a row from one connection, so that a fast upload leaves time for the others. */
const MOST_READS = 16;

/**
 * Connections whose request is not complete: they are read when there is time. A client that sends slowly, or
 * half a request, costs nobody else anything.
 */
export class ParkingLot {
  readonly #options: ParkingOptions;
  readonly #parked = new Set<ParkedRequest>();
  readonly #complete: Arriving[] = [];
  /** Patience with a client that has sent nothing yet, in milliseconds. */
  #silenceMs = Infinity;

  constructor(options: ParkingOptions) {
    this.#options = options;
  }

  park(arriving: Arriving): void {
    const { places, watch, patienceMs } = this.#options;
    if (this.#parked.size >= places) {
      const [oldest] = this.#parked;
      if (oldest !== undefined) watch.expire(oldest);
    }
    const parked = new ParkedRequest(arriving, {
      deadline:
        performance.now() + (arriving.incoming.begun ? patienceMs : Math.min(patienceMs, this.#silenceMs)),
      read: () => this.#read(parked),
      expire: () => this.#expire(parked),
      drop: () => this.#drop(parked),
    });
    this.#parked.add(parked);
    watch.add(parked, 'read');
  }

  /** Whether a request waits that has become complete. */
  get hasComplete(): boolean {
    return this.#complete.length > 0;
  }

  /** A request that has become complete. */
  takeComplete(): Arriving | undefined {
    return this.hasComplete ? this.#complete.shift() : undefined;
  }

  /** From now on, clients that do not begin their request within `ms` milliseconds are not waited for any longer. */
  hurrySilent(ms: number): void {
    this.#silenceMs = ms;
    const deadline = performance.now() + ms;
    for (const parked of this.#parked) {
      if (!parked.arriving.incoming.begun) parked.deadline = Math.min(parked.deadline, deadline);
    }
  }

  #read(parked: ParkedRequest): void {
    const { watch, reader, refusals, patienceMs } = this.#options;
    const { connection, incoming } = parked.arriving;
    const wasSilent = !incoming.begun;
    for (let reads = 0; reads < MOST_READS; reads++) {
      const reading = reader.read(connection, incoming);
      if (reading === 'nothing') return;
      if (reading === 'more') {
        // A head must be complete in time; a body may take as long as it goes on arriving.
        if ((wasSilent && this.#silenceMs < Infinity) || incoming.head !== undefined) {
          parked.deadline = performance.now() + patienceMs;
        }
        continue;
      }
      this.#parked.delete(parked);
      watch.remove(parked);
      if (reading === 'complete') this.#complete.push(parked.arriving);
      else refusals.turnAway(connection, incoming, reading);
      return;
    }
  }

  #expire(parked: ParkedRequest): void {
    const { watch, refusals } = this.#options;
    const { connection, incoming } = parked.arriving;
    this.#parked.delete(parked);
    watch.remove(parked);
    refusals.expire(connection, incoming);
  }

  #drop(parked: ParkedRequest): void {
    const { connection, incoming } = parked.arriving;
    this.#parked.delete(parked);
    connection.close();
    incoming.discard();
  }
}

class ParkedRequest implements Watcher {
  readonly arriving: Arriving;
  readonly onReady: () => void;
  readonly onDeadline: () => void;
  readonly onFault: () => void;
  deadline: number;

  constructor(arriving: Arriving, does: { deadline: number; read(): void; expire(): void; drop(): void }) {
    this.arriving = arriving;
    this.deadline = does.deadline;
    this.onReady = does.read;
    this.onDeadline = does.expire;
    this.onFault = does.drop;
  }

  get fd(): number {
    return this.arriving.connection.fd;
  }
}

import { setTimeout as rest } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Clients, Expected } from './clients.ts';
import type { ClientKind, Ledger } from './ledger.ts';

/** Most requests that wait at a time: beyond it the server, and not the rate, decides. */
export const MOST_IN_FLIGHT = 64;
const TICK_MS = 10;
const UPLOADS: readonly ClientKind[] = Array<ClientKind>(3).fill('upload');
const BY_HTTP2: readonly ClientKind[] = Array<ClientKind>(6).fill('http2');
const MIX: readonly ClientKind[] = [
  ...Array<ClientKind>(9).fill('keep-alive'),
  ...Array<ClientKind>(6).fill('new-connection'),
  'slow-sender',
  'slow-sender',
  'slow-reader',
  'aborting',
];

/** What is asked, and how often. */
export interface LoadOptions {
  readonly random: Random;
  readonly expected: readonly Expected[];
  /** What is posted to; none is posted without. */
  readonly uploads: readonly Expected[];
  /** Whether some of them are made by HTTP/2. */
  readonly http2: boolean;
  /** A second. */
  readonly rate: number;
}

/**
 * Requests that come at a rate, whether earlier ones were answered or not: a client that waited for its answer would
 * be silent just when the server stalls.
 */
export class OpenLoop {
  readonly #clients: Clients;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #expected: readonly Expected[];
  readonly #uploads: readonly Expected[];
  readonly #mix: readonly ClientKind[];
  readonly #rate: number;
  readonly #running: Set<Promise<void>> = new Set();
  readonly #loop: Promise<void>;
  #stopping = false;

  constructor(clients: Clients, ledger: Ledger, options: LoadOptions) {
    this.#clients = clients;
    this.#ledger = ledger;
    this.#random = options.random;
    this.#expected = options.expected;
    this.#uploads = options.uploads;
    this.#mix = [
      ...MIX,
      ...(options.uploads.length === 0 ? [] : UPLOADS),
      ...(options.http2 ? BY_HTTP2 : []),
    ];
    this.#rate = options.rate;
    this.#loop = this.#run();
  }

  /** Begins nothing new, and waits for what has begun. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#loop;
    await Promise.all(this.#running);
    this.#clients.close();
  }

  async #run(): Promise<void> {
    let owed = 0;
    let last = performance.now();
    while (!this.#stopping) {
      const now = performance.now();
      owed += ((now - last) / 1000) * this.#rate;
      last = now;
      for (; owed >= 1; owed--) {
        if (this.#ledger.inFlight < MOST_IN_FLIGHT) this.#begin();
      }
      await rest(TICK_MS);
    }
  }

  #begin(): void {
    const client = this.#random.pick(this.#mix);
    const from = client === 'upload' ? this.#uploads : this.#expected;
    const request = this.#clients.request(client, this.#random.pick(from));
    this.#running.add(request);
    void request.finally(() => this.#running.delete(request));
  }
}

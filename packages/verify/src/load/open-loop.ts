import { setTimeout as rest } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Clients, Expected } from './clients.ts';
import type { ClientKind, Ledger } from './ledger.ts';

/** Most requests that wait at a time: beyond it the server, and not the rate, decides. */
export const MOST_IN_FLIGHT = 64;
const TICK_MS = 10;
const MIX: readonly ClientKind[] = [
  ...Array<ClientKind>(9).fill('keep-alive'),
  ...Array<ClientKind>(6).fill('new-connection'),
  'slow-sender',
  'slow-sender',
  'slow-reader',
  'aborting',
];

/**
 * Requests that come at a rate, whether earlier ones were answered or not: a client that waited for its answer would
 * be silent just when the server stalls.
 */
export class OpenLoop {
  readonly #clients: Clients;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #expected: readonly Expected[];
  readonly #rate: number;
  readonly #running: Set<Promise<void>> = new Set();
  readonly #loop: Promise<void>;
  #stopping = false;

  constructor(
    clients: Clients,
    ledger: Ledger,
    options: { readonly random: Random; readonly expected: readonly Expected[]; readonly rate: number },
  ) {
    this.#clients = clients;
    this.#ledger = ledger;
    this.#random = options.random;
    this.#expected = options.expected;
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
    const request = this.#clients.request(this.#random.pick(MIX), this.#random.pick(this.#expected));
    this.#running.add(request);
    void request.finally(() => this.#running.delete(request));
  }
}

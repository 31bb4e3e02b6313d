import type { FailureKind } from '@gunicorn-ts/load';

export type ClientKind =
  | 'new-connection'
  | 'keep-alive'
  | 'slow-sender'
  | 'slow-reader'
  | 'aborting'
  | 'upload'
  | 'http2'
  | 'websocket';

/** A request, and what became of it. Times are milliseconds since the run began. */
export interface Entry {
  /** Sent in the header `X-Verify-Id`. */
  readonly id: string;
  readonly client: ClientKind;
  readonly path: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: 'answered' | 'lost' | 'abandoned';
  readonly status: number | undefined;
  /** Of a lost one. */
  readonly failure: { readonly kind: FailureKind | 'body'; readonly detail: string } | undefined;
}

/** Every request of the run, and which of them have not ended. */
export class Ledger {
  readonly entries: Entry[] = [];
  /** Requests that met a kept connection just as it was closed, and were made once more on another. */
  askedAgain = 0;
  readonly #open: Map<string, number> = new Map();
  readonly #began: number = performance.now();
  #count = 0;

  /** Milliseconds since the run began. */
  now(): number {
    return performance.now() - this.#began;
  }

  begin(): { readonly id: string; readonly startedAt: number } {
    this.#count += 1;
    const id = `v${this.#count}`;
    const startedAt = this.now();
    this.#open.set(id, startedAt);
    return { id, startedAt };
  }

  end(entry: Entry): void {
    this.#open.delete(entry.id);
    this.entries.push(entry);
  }

  /** Requests that were begun. */
  get count(): number {
    return this.#count;
  }

  /** Requests that wait for their answers. */
  get inFlight(): number {
    return this.#open.size;
  }

  lostBetween(from: number, to: number): readonly Entry[] {
    return this.entries.filter(
      ({ outcome, startedAt, endedAt }) => outcome === 'lost' && endedAt >= from && startedAt <= to,
    );
  }
}

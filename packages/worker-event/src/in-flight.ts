import type { ServerResponse } from 'node:http';
import type { RequestSummary } from '@gunicorn-ts/interface';

const TARGET_LIMIT = 200;

/**
 * The requests whose response is not complete, in the order of their heads. A request costs one entry in
 * a map and one reading of the clock; everything else is read when somebody asks.
 */
export class InFlight {
  readonly #startedAt = new Map<ServerResponse, number>();

  add(response: ServerResponse): void {
    this.#startedAt.set(response, performance.now());
  }

  /** Milliseconds of the monotonic clock when the head was complete; `undefined` if it was already removed. */
  remove(response: ServerResponse): number | undefined {
    const startedAt = this.#startedAt.get(response);
    if (startedAt !== undefined) this.#startedAt.delete(response);
    return startedAt;
  }

  get size(): number {
    return this.#startedAt.size;
  }

  /** Responses with the monotonic time of their start, oldest first. */
  entries(): IterableIterator<[response: ServerResponse, startedAt: number]> {
    return this.#startedAt.entries();
  }

  responses(): IterableIterator<ServerResponse> {
    return this.#startedAt.keys();
  }

  summaries(): RequestSummary[] {
    const now = performance.now();
    return Array.from(this.#startedAt, ([response, startedAt]) => summarize(response, now - startedAt));
  }
}

function summarize(response: ServerResponse, ageMs: number): RequestSummary {
  const request = response.req;
  return {
    method: request.method ?? '',
    target: (request.url ?? '').slice(0, TARGET_LIMIT),
    ageMs: Math.round(ageMs),
    peer: request.socket.remoteAddress ?? '',
  };
}

import type { ServerResponse } from 'node:http';
import type { RequestSummary } from '@gunicorn-ts/interface';

const TARGET_LIMIT = 200;

const startedAt = Symbol('started at');
const older = Symbol('older');
const newer = Symbol('newer');

/** A response with its place in the list, which is on itself. */
interface Listed extends ServerResponse {
  /** Milliseconds of the monotonic clock; -1 when the response is in no list. */
  [startedAt]?: number;
  [older]?: Listed | undefined;
  [newer]?: Listed | undefined;
}

/**
 * The requests whose response is not complete, in the order of their heads. A request costs a link in a list
 * and one reading of the clock; everything else is read when somebody asks. (A `Map` makes itself anew all the
 * time when entries only come and go.)
 */
export class InFlight {
  #oldest: Listed | undefined;
  #newest: Listed | undefined;

  add(response: ServerResponse): void {
    const listed: Listed = response;
    const previous = this.#newest;
    listed[startedAt] = performance.now();
    listed[older] = previous;
    listed[newer] = undefined;
    if (previous === undefined) this.#oldest = listed;
    else previous[newer] = listed;
    this.#newest = listed;
  }

  /** Milliseconds of the monotonic clock when the head was complete; `undefined` if it was already removed. */
  remove(response: ServerResponse): number | undefined {
    const listed: Listed = response;
    const began = listed[startedAt];
    if (began === undefined || began < 0) return undefined;
    const before = listed[older];
    const after = listed[newer];
    if (before === undefined) this.#oldest = after;
    else before[newer] = after;
    if (after === undefined) this.#newest = before;
    else after[older] = before;
    listed[startedAt] = -1;
    // An application may keep its response; it shall not keep those behind it.
    listed[older] = undefined;
    listed[newer] = undefined;
    return began;
  }

  /** Responses with the monotonic time of their start, oldest first. The one that was given may be removed. */
  *entries(): Generator<readonly [response: ServerResponse, startedAt: number], undefined> {
    for (let listed = this.#oldest; listed !== undefined;) {
      const next: Listed | undefined = listed[newer];
      yield [listed, listed[startedAt] ?? 0];
      listed = next;
    }
  }

  *responses(): Generator<ServerResponse, undefined> {
    for (const [response] of this.entries()) yield response;
  }

  summaries(): RequestSummary[] {
    const now = performance.now();
    return Array.from(this.entries(), ([response, began]) => summarize(response, now - began));
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

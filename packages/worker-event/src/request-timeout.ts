import type { ServerResponse } from 'node:http';
import type { Logger } from '@gunicorn-ts/interface';
import type { InFlight } from './in-flight.ts';
import { answerPast } from './past-answer.ts';

const BODY = 'Gateway Timeout';
const RESPONSE = [
  'HTTP/1.1 504 Gateway Timeout',
  'Connection: close',
  'Content-Type: text/plain',
  `Content-Length: ${BODY.length}`,
  '',
  BODY,
].join('\r\n');

/**
 * Ends requests that take longer than the setting `requestTimeout`. Requests are kept in the order of their
 * start, so one timer, for the oldest, serves all of them.
 */
export class RequestTimeout {
  readonly #limitMs: number;
  readonly #inFlight: InFlight;
  readonly #log: Logger;
  readonly #expired = new WeakSet<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, inFlight: InFlight, log: Logger) {
    this.#limitMs = limitMs;
    this.#inFlight = inFlight;
    this.#log = log;
  }

  /** Called when a request was added; does nothing while the timer runs for an older one. */
  arm(): void {
    if (this.#timer === undefined) this.#setTimer(this.#limitMs);
  }

  #setTimer(ms: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.ceil(ms)).unref();
  }

  #check(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [response, startedAt] of this.#inFlight.entries()) {
      const ageMs = now - startedAt;
      if (ageMs < this.#limitMs) {
        this.#setTimer(this.#limitMs - ageMs);
        return;
      }
      // An expired request stays in flight until its connection is closed.
      if (this.#expired.has(response)) continue;
      this.#expired.add(response);
      this.#expire(response, ageMs);
    }
  }

  #expire(response: ServerResponse, ageMs: number): void {
    const { method, url } = response.req;
    const age = `${(ageMs / 1000).toFixed(1)} s`;
    this.#log.error(`Request timed out after ${age}: ${method} ${url}`, { method, target: url, ageMs });
    answerPast(response, 504, RESPONSE);
  }
}

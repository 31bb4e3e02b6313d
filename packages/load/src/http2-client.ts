import { setImmediate as turn } from 'node:timers/promises';
import { type LoadClient, type Target, WORKER_HEADER } from './client.ts';
import { RequestFailure } from './failure.ts';
import { Http2Connection } from './http2-connection.ts';

/** Requests that it makes at a time. */
const STREAMS = 5;

/** Keeps a connection of HTTP/2, with several requests at a time on it, until the server asks it to go. */
export class Http2Client implements LoadClient {
  readonly kind = 'http2';
  readonly restMs: number;
  connectedTo: string | undefined;
  readonly #path: string;
  readonly #connection: Http2Connection;

  constructor(target: Target, options: { restMs: number }) {
    this.#path = target.path;
    this.#connection = new Http2Connection(target, target.limitMs);
    this.restMs = options.restMs;
  }

  async request(): Promise<number> {
    // A GOAWAY that has long arrived would be overlooked.
    await turn();
    const started = performance.now();
    await Promise.all(Array.from({ length: STREAMS }, () => this.#requestOne()));
    return performance.now() - started;
  }

  disconnect(): void {
    this.#connection.close();
    this.connectedTo = undefined;
  }

  async #requestOne(): Promise<void> {
    const { status, headers } = await this.#connection.exchange(this.#path);
    if (status !== 200) throw new RequestFailure('status', `status ${status}`);
    this.connectedTo = headers[WORKER_HEADER] as string | undefined;
  }
}

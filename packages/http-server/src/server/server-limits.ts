import type { Server } from 'node:http';
import { DEFAULT_LIMITS, type Limits } from '../connection/limits.ts';

/** Node's own for a server whose property is no number. */
const KEEP_ALIVE_BUFFER_MS = 1000;

/** The limits as the properties of a server say them, which applications change at any time. */
export class ServerLimits implements Limits {
  readonly #server: Server & { keepAliveTimeoutBuffer?: number };
  readonly bodyMs = 0;
  readonly answerMs = 0;
  readonly writeMs: number = 2 * DEFAULT_LIMITS.writeMs;
  readonly lingerMs: number = DEFAULT_LIMITS.lingerMs;

  constructor(server: Server) {
    this.#server = server;
  }

  get headMs(): number {
    return this.#server.headersTimeout;
  }

  get requestMs(): number {
    return this.#server.requestTimeout;
  }

  /** Node's 0 keeps a connection for ever. */
  get keepAliveMs(): number {
    const { keepAliveTimeout, keepAliveTimeoutBuffer = KEEP_ALIVE_BUFFER_MS } = this.#server;
    return keepAliveTimeout > 0 ? keepAliveTimeout + keepAliveTimeoutBuffer : Infinity;
  }
}

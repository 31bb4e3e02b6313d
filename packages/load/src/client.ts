import { setImmediate as turn } from 'node:timers/promises';
import { Client as Undici } from 'undici';
import { RequestFailure } from './failure.ts';
import { RawConnection, type Answer } from './raw-connection.ts';
import type { Site } from './site.ts';

/** The response header in which an application under load says which worker answers. */
export const WORKER_HEADER = 'x-worker-pid';

export interface Target extends Site {
  readonly path: string;
  /** Longest time, in milliseconds, that an answer may take. */
  readonly limitMs: number;
}

/** One simulated user: makes one request at a time and obeys HTTP/1.1. */
export interface LoadClient {
  readonly kind: 'new-connection' | 'keep-alive' | 'undici' | 'slow-reader' | 'http2';
  /** Milliseconds of rest between two requests. */
  readonly restMs: number;
  /** The worker that holds this client's open connection. */
  readonly connectedTo: string | undefined;
  /** Throws a {@link RequestFailure}, also for an answer that is not 200. Returns milliseconds until the answer. */
  request(): Promise<number>;
  disconnect(): void;
}

/** A connection for each request. With a rest between two reads of the body, it is a slow reader. */
export class NewConnectionClient implements LoadClient {
  readonly kind: 'new-connection' | 'slow-reader';
  readonly restMs: number;
  readonly connectedTo = undefined;
  readonly #target: Target;
  readonly #readRestMs: number;

  constructor(target: Target, options: { restMs: number; readRestMs?: number }) {
    this.#target = target;
    this.restMs = options.restMs;
    this.#readRestMs = options.readRestMs ?? 0;
    this.kind = this.#readRestMs === 0 ? 'new-connection' : 'slow-reader';
  }

  async request(): Promise<number> {
    const { path, limitMs } = this.#target;
    const started = performance.now();
    const connection = await RawConnection.open(this.#target, limitMs);
    const restMs = this.#readRestMs;
    const answer = await connection.exchange({ path, connection: 'close', limitMs, restMs });
    requireOk(answer.status);
    return this.kind === 'slow-reader' ? answer.headMs : performance.now() - started;
  }

  disconnect(): void {}
}

/** Keeps its connection for as long as the server does. */
export class KeepAliveClient implements LoadClient {
  readonly kind = 'keep-alive';
  readonly restMs: number;
  connectedTo: string | undefined;
  readonly #target: Target;
  #connection: RawConnection | undefined;

  constructor(target: Target, options: { restMs: number }) {
    this.#target = target;
    this.restMs = options.restMs;
  }

  async request(): Promise<number> {
    const { path, limitMs } = this.#target;
    // Timers run before the sockets are read: a FIN that has long arrived would be overlooked.
    await turn();
    const started = performance.now();
    if (this.#connection?.usable !== true) this.#connection = await RawConnection.open(this.#target, limitMs);
    const connection = this.#connection;
    const answer: Answer = await connection.exchange({ path, connection: 'keep-alive', limitMs });
    this.connectedTo = connection.usable ? answer.headers.get(WORKER_HEADER) : undefined;
    requireOk(answer.status);
    return performance.now() - started;
  }

  disconnect(): void {
    this.#connection?.close();
    this.connectedTo = undefined;
  }
}

/**
 * Keeps its connection as undici's `Client` does, which `fetch` is built on. It repeats no request that was
 * written: that is for its retry interceptors, which are not installed.
 */
export class UndiciClient implements LoadClient {
  readonly kind = 'undici';
  readonly restMs: number;
  connectedTo: string | undefined;
  readonly #target: Target;
  #client: Undici;

  constructor(target: Target, options: { restMs: number }) {
    this.#target = target;
    this.restMs = options.restMs;
    this.#client = this.#open();
  }

  async request(): Promise<number> {
    await turn();
    const started = performance.now();
    let answered = false;
    try {
      const { statusCode, headers, body } = await this.#client.request({
        method: 'GET',
        path: this.#target.path,
      });
      answered = true;
      let bytes = 0;
      for await (const chunk of body) bytes += (chunk as Buffer).length;
      const declared = headers['content-length'];
      if (declared !== undefined && Number(declared) !== bytes) {
        throw new RequestFailure('short', `${bytes} bytes of ${String(declared)}`);
      }
      this.connectedTo = headers['connection'] === 'close' ? undefined : String(headers[WORKER_HEADER]);
      requireOk(statusCode);
    } catch (error) {
      throw describe(error, answered);
    }
    return performance.now() - started;
  }

  disconnect(): void {
    this.connectedTo = undefined;
    void this.#client.destroy();
    this.#client = this.#open();
  }

  #open(): Undici {
    const { url, limitMs } = this.#target;
    return new Undici(url.origin, {
      headersTimeout: limitMs,
      bodyTimeout: limitMs,
      connect: { timeout: limitMs },
    });
  }
}

function requireOk(status: number): void {
  if (status !== 200) throw new RequestFailure('status', `status ${status}`);
}

function describe(error: unknown, answered: boolean): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const text = `${code} ${message}`;
  if (/UND_ERR_(HEADERS|BODY)_TIMEOUT/.test(code)) return new RequestFailure('slow', text);
  if (/ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT/.test(code)) return new RequestFailure('refused', text);
  if (/^HPE_|UND_ERR_RES/.test(code)) return new RequestFailure('malformed', text);
  return new RequestFailure(answered ? 'short' : 'reset', text);
}

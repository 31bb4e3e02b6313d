import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { DEFAULT_SERVER, earlyHints, isBodiless, readRawResponse } from '@gunicorn-ts/http';
import type { WsgiStartResponse } from '@gunicorn-ts/interface';
import { checkedChunk, ResponseStart, type StartedResponse } from '@gunicorn-ts/wsgi';

const EMPTY = new Uint8Array();

/** One response of a WSGI application: `start_response`, `write`, and the body that was returned. */
export class WsgiResponse implements StartedResponse {
  readonly #response: ServerResponse;
  readonly #server: string;
  readonly #start: ResponseStart;
  /** Bytes that the application may still send under its Content-Length. */
  #left = Infinity;

  /** @param server value of the `Server` header; the empty text sends none */
  constructor(response: ServerResponse, server: string = DEFAULT_SERVER) {
    this.#response = response;
    this.#server = server;
    this.#start = new ResponseStart(this);
  }

  get begun(): boolean {
    return this.#response.headersSent;
  }

  get startResponse(): WsgiStartResponse {
    return this.#start.startResponse;
  }

  /** False once the client is gone. */
  get wanted(): boolean {
    return !this.#response.destroyed;
  }

  /**
   * `wsgi.early_hints`: a 103 response before the real one. A client that still waits for an earlier response on
   * the connection gets none: it would take it for that one's.
   */
  readonly earlyHints = (headers: readonly (readonly [string, string])[]): void => {
    const { req, socket } = this.#response;
    const text = earlyHints(headers);
    if (!this.begun && req.httpVersionMinor > 0) socket?.write(text, 'latin1');
  };

  /**
   * Sends a piece of the body, and the head before the first one. False when the client reads slower than
   * the application writes.
   */
  write(chunk: Uint8Array): boolean {
    if (checkedChunk(chunk).byteLength === 0) return true;
    this.#begin();
    const allowed = this.#take(chunk);
    return allowed.byteLength === 0 || this.#response.write(allowed);
  }

  /** Resolves when the client has read on, or is gone. */
  async writable(): Promise<void> {
    const response = this.#response;
    if (response.destroyed || !response.writableNeedDrain) return;
    const settled = new AbortController();
    const options = { signal: settled.signal };
    await Promise.race([once(response, 'drain', options), once(response, 'close', options)]);
    settled.abort();
  }

  /** The whole body at once, which gives it a Content-Length. */
  endWith(chunk: Uint8Array = EMPTY): void {
    this.#begin(checkedChunk(chunk).byteLength);
    this.#end(this.#take(chunk));
  }

  /** Ends the response, or breaks it off when it is shorter than its Content-Length promised. */
  end(): void {
    this.#begin();
    this.#end();
  }

  #end(last?: Uint8Array): void {
    const { req, statusCode } = this.#response;
    const bodiless = req.method === 'HEAD' || isBodiless(statusCode);
    if (this.#left !== Infinity && this.#left > 0 && !bodiless) {
      throw new Error(`The response is ${this.#left} bytes shorter than its Content-Length`);
    }
    this.#response.end(last);
  }

  /** What the Content-Length leaves of a piece. */
  #take(chunk: Uint8Array): Uint8Array {
    const allowed = chunk.byteLength > this.#left ? chunk.subarray(0, this.#left) : chunk;
    this.#left -= allowed.byteLength;
    return allowed;
  }

  #begin(knownLength?: number): void {
    if (this.begun) return;
    const { status, headers } = this.#start;
    const { raw, length } = readRawResponse(headers, status.code);
    const head = this.#server === '' ? [...raw] : ['Server', this.#server, ...raw];
    // Of an answer to HEAD without a body nobody knows how long that to GET would be (RFC 9110 8.6).
    const isUnknown = isBodiless(status.code) || (this.#response.req.method === 'HEAD' && knownLength === 0);
    if (length === undefined && knownLength !== undefined && !isUnknown) {
      head.push('Content-Length', String(knownLength));
    }
    if (status.reason === '') this.#response.writeHead(status.code, head);
    else this.#response.writeHead(status.code, status.reason, head);
    this.#left = length ?? Infinity;
  }
}

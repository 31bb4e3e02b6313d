import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { WsgiStartResponse } from '@gunicorn-ts/interface';
import { checkedPair, parseHead, type WsgiHead } from './response-head.ts';

const EMPTY = new Uint8Array();

/** One response of a WSGI application: `start_response`, `write`, and the body that was returned. */
export class WsgiResponse {
  readonly #response: ServerResponse;
  #head: WsgiHead | undefined;
  /** Bytes that the application may still send under its Content-Length. */
  #left = Infinity;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get #begun(): boolean {
    return this.#response.headersSent;
  }

  /** False once the client is gone. */
  get wanted(): boolean {
    return !this.#response.destroyed;
  }

  readonly startResponse: WsgiStartResponse = (status, headers, excInfo) => {
    if (excInfo !== undefined && excInfo !== null) {
      // The head cannot be taken back: the application's error ends the response (PEP 3333).
      if (this.#begun) throw Array.isArray(excInfo) ? (excInfo[1] ?? excInfo[0]) : excInfo;
    } else if (this.#head !== undefined) {
      throw new Error('start_response was called a second time, without exc_info');
    }
    this.#head = parseHead(status, headers);
    this.#left = this.#head.contentLength ?? Infinity;
    return (chunk) => void this.write(chunk);
  };

  /** `wsgi.early_hints`: a 103 response before the real one. Node sends it if there is a `Link` among the headers. */
  readonly earlyHints = (headers: readonly (readonly [string, string])[]): void => {
    if (this.#begun || this.#response.req.httpVersion === '1.0') return;
    const hints: Record<string, string[]> = {};
    for (const [name, value] of headers.map(checkedPair)) (hints[name.toLowerCase()] ??= []).push(value);
    this.#response.writeEarlyHints(hints as Record<string, string[]> & { link: string[] });
  };

  /**
   * Sends a piece of the body, and the head before the first one. False when the client reads slower than
   * the application writes.
   */
  write(chunk: Uint8Array): boolean {
    const allowed = this.#take(chunk);
    if (allowed.byteLength === 0) return true;
    this.#begin();
    return this.#response.write(allowed);
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
    const allowed = this.#take(chunk);
    this.#begin(this.#head?.contentLength === undefined ? chunk.byteLength : undefined);
    this.#end(allowed);
  }

  /** Ends the response, or breaks it off when it is shorter than its Content-Length promised. */
  end(): void {
    this.#begin();
    this.#end();
  }

  #end(last?: Uint8Array): void {
    const { req, statusCode } = this.#response;
    const bodyless = req.method === 'HEAD' || statusCode === 304;
    if (this.#left !== Infinity && this.#left > 0 && !bodyless) {
      throw new Error(`The response is ${this.#left} bytes shorter than its Content-Length`);
    }
    this.#response.end(last);
  }

  /** What the Content-Length leaves of a piece. */
  #take(chunk: Uint8Array): Uint8Array {
    if (!(chunk instanceof Uint8Array)) throw new TypeError(badChunk(chunk));
    const allowed = chunk.byteLength > this.#left ? chunk.subarray(0, this.#left) : chunk;
    this.#left -= allowed.byteLength;
    return allowed;
  }

  #begin(knownLength?: number): void {
    if (this.#begun) return;
    if (this.#head === undefined) throw new Error('The application did not call start_response');
    const { status, reason, headers } = this.#head;
    const head = [...headers];
    if (!head.some((item, index) => index % 2 === 0 && item.toLowerCase() === 'server'))
      head.push('Server', 'gunicorn');
    if (knownLength !== undefined && status !== 204 && status !== 304) {
      head.push('Content-Length', String(knownLength));
    }
    if (reason === '') this.#response.writeHead(status, head);
    else this.#response.writeHead(status, reason, head);
  }
}

function badChunk(chunk: unknown): string {
  const found = chunk === null ? 'null' : typeof chunk;
  return `A WSGI body consists of Uint8Arrays, but the application gave a ${found}; encode text, and return [bytes]`;
}

import { setTimeout as rest } from 'node:timers/promises';
import type net from 'node:net';
import { RequestFailure } from './failure.ts';
import { openSocket } from './open-socket.ts';
import type { Site } from './site.ts';
import { ResponseReader, type ResponseHead } from './response-reader.ts';

export interface Answer extends ResponseHead {
  readonly bodyBytes: number;
  /** Milliseconds from the written request to the complete head of the response. */
  readonly headMs: number;
}

export interface ExchangeOptions {
  readonly path: string;
  readonly connection: 'keep-alive' | 'close';
  /** Longest silence, in milliseconds, before the head and between two pieces of the body. */
  readonly limitMs: number;
  /** Milliseconds to rest after each piece that was read. Default: 0. */
  readonly restMs?: number;
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds to rest between the halves of the request. Default: it is written in one piece. */
  readonly sendRestMs?: number;
  /** A POST with a body in place of a GET. */
  readonly upload?: Upload;
}

/** A body that is sent in pieces. */
export interface Upload {
  readonly bytes: number;
  /** Without a `Content-Length`. */
  readonly isChunked: boolean;
  /** Milliseconds to rest between two pieces. */
  readonly restMs: number;
}

const PIECE_BYTES = 8192;

/** A connection over TCP, or TLS, on which one HTTP/1.1 request is made at a time. */
export class RawConnection {
  readonly #socket: net.Socket;
  readonly #host: string;
  #usable = true;

  private constructor(socket: net.Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    // FIN, a reset or stray bytes between two requests: this connection takes no further request.
    for (const event of ['end', 'error', 'close', 'data']) socket.on(event, () => this.#retire(event));
  }

  /** To an `https:` address by TLS. */
  static async open(site: Site, limitMs: number): Promise<RawConnection> {
    return new RawConnection(await openSocket(site, limitMs), site.url.host);
  }

  /** False once the server has closed, or said that it will. */
  get usable(): boolean {
    return this.#usable;
  }

  close(): void {
    this.#usable = false;
    this.#socket.destroy();
  }

  /** Sends the request and reads the whole answer. A connection that fails is closed. */
  async exchange(options: ExchangeOptions): Promise<Answer> {
    this.#busy = true;
    try {
      const answer = await this.#read(options);
      if (!answer.keepAlive || options.connection === 'close') this.close();
      return answer;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  #busy = false;

  #retire(event: string): void {
    if (event !== 'data' || !this.#busy) this.#usable = false;
  }

  /** Sends a GET, and leaves without having read the answer. */
  async abandon(path: string, headers: Readonly<Record<string, string>>, afterMs: number): Promise<void> {
    this.#socket.write(this.#request({ path, connection: 'close', headers }));
    await rest(afterMs);
    this.close();
  }

  #request(
    { path, connection, headers = {} }: Pick<ExchangeOptions, 'path' | 'connection' | 'headers'>,
    method: 'GET' | 'POST' = 'GET',
  ): string {
    const further = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nConnection: ${connection}\r\n${further.join('')}\r\n`;
  }

  async #send(text: string, restMs: number): Promise<void> {
    if (restMs === 0) return void this.#socket.write(text);
    const middle = text.length >> 1;
    this.#socket.write(text.slice(0, middle));
    await rest(restMs);
    if (!this.#socket.destroyed) this.#socket.write(text.slice(middle));
  }

  async #sendUpload(options: ExchangeOptions, { bytes, isChunked, restMs }: Upload): Promise<void> {
    const framing = isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(bytes) };
    const headers = { ...options.headers, 'Content-Type': 'application/octet-stream', ...framing };
    this.#socket.write(this.#request({ ...options, headers }, 'POST'));
    for (let left = bytes; left > 0 && !this.#socket.destroyed; left -= PIECE_BYTES) {
      if (restMs > 0) await rest(restMs);
      const piece = 'x'.repeat(Math.min(left, PIECE_BYTES));
      this.#socket.write(isChunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
    }
    if (isChunked && !this.#socket.destroyed) this.#socket.write('0\r\n\r\n');
  }

  #read(options: ExchangeOptions): Promise<Answer> {
    const { limitMs, restMs = 0, sendRestMs = 0, upload } = options;
    const socket = this.#socket;
    const reader = new ResponseReader();
    const started = performance.now();
    let headMs = 0;
    return new Promise((resolve, reject) => {
      const finish = (failure?: RequestFailure): void => {
        socket.setTimeout(0).off('data', onData).off('end', onEnd).off('error', onError).off('close', onEnd);
        socket.off('timeout', onTimeout);
        if (failure !== undefined) reject(failure);
        else if (reader.head !== undefined) resolve({ ...reader.head, bodyBytes: reader.bodyBytes, headMs });
      };
      const broken = (how: string): RequestFailure =>
        headMs === 0
          ? new RequestFailure('reset', `${how} before the answer`)
          : new RequestFailure('short', `${how} after ${reader.bodyBytes} bytes of the body`);
      const onData = (chunk: Buffer): void => {
        try {
          reader.push(chunk);
        } catch (error) {
          return finish(error as RequestFailure);
        }
        if (headMs === 0 && reader.head !== undefined) headMs = performance.now() - started;
        if (reader.done) return finish();
        if (restMs > 0) {
          socket.pause();
          setTimeout(() => socket.resume(), restMs);
        }
      };
      const onEnd = (): void => finish(reader.end() ? undefined : broken('the server closed the connection'));
      const onError = (error: Error): void => finish(broken(error.message));
      const onTimeout = (): void => finish(new RequestFailure('slow', `silence of ${limitMs} ms`));
      socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onEnd);
      socket.setTimeout(limitMs).on('timeout', onTimeout);
      if (upload === undefined) void this.#send(this.#request(options), sendRestMs);
      else void this.#sendUpload(options, upload);
    });
  }
}

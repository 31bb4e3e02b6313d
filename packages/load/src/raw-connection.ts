import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';
import { RequestFailure } from './failure.ts';
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
}

/** A TCP connection on which one HTTP/1.1 request is made at a time. */
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

  static async open(url: URL, limitMs: number): Promise<RawConnection> {
    const socket = net.connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port),
      noDelay: true,
    });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(limitMs) });
    } catch (error) {
      socket.destroy();
      throw new RequestFailure('refused', String(error));
    }
    return new RawConnection(socket, url.host);
  }

  /** False once the server has closed, or said that it will. */
  get usable(): boolean {
    return this.#usable;
  }

  close(): void {
    this.#usable = false;
    this.#socket.destroy();
  }

  /** Sends a GET and reads the whole answer. A connection that fails is closed. */
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

  #request({
    path,
    connection,
    headers = {},
  }: Pick<ExchangeOptions, 'path' | 'connection' | 'headers'>): string {
    const further = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nConnection: ${connection}\r\n${further.join('')}\r\n`;
  }

  async #send(text: string, restMs: number): Promise<void> {
    if (restMs === 0) return void this.#socket.write(text);
    const middle = text.length >> 1;
    this.#socket.write(text.slice(0, middle));
    await rest(restMs);
    if (!this.#socket.destroyed) this.#socket.write(text.slice(middle));
  }

  #read(options: ExchangeOptions): Promise<Answer> {
    const { limitMs, restMs = 0, sendRestMs = 0 } = options;
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
      void this.#send(this.#request(options), sendRestMs);
    });
  }
}

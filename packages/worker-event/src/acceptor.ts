import { closeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { duplicate } from '@gunicorn-ts/posix';
import type { Listener, Logger } from '@gunicorn-ts/interface';
import { canBeMapped, nameByIpv4 } from '@gunicorn-ts/transport';
import { listenError } from './errors.ts';

export interface AcceptorOptions {
  readonly listener: Listener;
  readonly backlog: number;
  /** A TLS server closes its side when the client does, a plain one answers first; as Node's own servers. */
  readonly allowHalfOpen: boolean;
  readonly log: Logger;
  onConnection(socket: Socket): void;
}

/**
 * Takes connections from one inherited listener. It is apart from the HTTP server, so that to stop taking
 * connections is not to close the server: `http.Server#close` would destroy idle connections and stop
 * enforcing `headersTimeout` on the others.
 */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #server: Server;
  #fd: number;
  #stopped = false;
  #lastErrorAt = -Infinity;

  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#fd = options.listener.fd;
    const mapped = canBeMapped(options.listener);
    this.#server = createServer({ allowHalfOpen: options.allowHalfOpen, noDelay: true }, (socket) => {
      if (mapped) nameByIpv4(socket);
      options.onConnection(socket);
    });
    this.#server.on('error', (error) => this.#logError(error));
  }

  /** Resolves when connections are being taken. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => {
        reject(listenError(this.#options.listener.url, error));
      };
      this.#server.once('error', onError);
      this.#server.listen({ fd: this.#fd }, this.#options.backlog, () => {
        this.#server.off('error', onError);
        resolve();
      });
    });
  }

  /**
   * Leaves new connections in the kernel's queue, where other workers find them. libuv cannot pause a
   * listening handle, so it is closed, and a duplicate of its descriptor kept to go on with.
   */
  pause(): void {
    if (this.#stopped || !this.#server.listening) return;
    let spare: number;
    try {
      spare = duplicate(this.#fd);
    } catch (error) {
      this.#logError(error);
      return;
    }
    this.#server.close();
    this.#fd = spare;
  }

  resume(): void {
    if (this.#stopped || this.#server.listening) return;
    this.#server.listen({ fd: this.#fd }, this.#options.backlog);
  }

  /** For good. Connections that were taken live on. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#server.listening) this.#server.close();
    else closeSync(this.#fd);
  }

  /** At most one line a second: a worker that is out of descriptors fails for every connection. */
  #logError(error: unknown): void {
    const now = performance.now();
    if (now - this.#lastErrorAt < 1000) return;
    this.#lastErrorAt = now;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.error(`Cannot take connections from ${this.#options.listener.url}: ${reason}`);
  }
}

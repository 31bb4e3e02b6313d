import { closeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { duplicate } from '@gunicorn-ts/posix';
import type { Listener, Logger } from '@gunicorn-ts/interface';
import { canBeMapped, nameByIpv4 } from '@gunicorn-ts/transport';
import { listenError } from './errors.ts';

/** Why no connections are taken: there are `workerConnections` of them, or hardly any descriptors. */
export type PauseReason = 'full' | 'short';

/** How long after a failure to listen it is tried again, in milliseconds. */
const RETRY_MS = 1000;

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
  readonly #reasons = new Set<PauseReason>();
  #retry: NodeJS.Timeout | undefined;
  #lastErrorAt = -Infinity;

  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#fd = options.listener.fd;
    const mapped = canBeMapped(options.listener);
    this.#server = createServer({ allowHalfOpen: options.allowHalfOpen, noDelay: true }, (socket) => {
      if (mapped) nameByIpv4(socket);
      options.onConnection(socket);
    });
    this.#server.on('error', (error) => this.#failed(error));
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
  pause(reason: PauseReason): void {
    this.#reasons.add(reason);
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

  /** Takes connections again, unless another reason is left not to. */
  resume(reason: PauseReason): void {
    this.#reasons.delete(reason);
    this.#listenAgain();
  }

  /** For good. Connections that were taken live on. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#retry);
    if (this.#server.listening) this.#server.close();
    else closeSync(this.#fd);
  }

  #listenAgain(): void {
    if (this.#stopped || this.#reasons.size > 0 || this.#server.listening) return;
    this.#server.listen({ fd: this.#fd }, this.#options.backlog);
  }

  #failed(error: unknown): void {
    this.#logError(error);
    clearTimeout(this.#retry);
    // A worker that cannot listen again when there is room would be deaf for good.
    this.#retry = setTimeout(() => this.#listenAgain(), RETRY_MS).unref();
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

import { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { HttpRules, ProxyEndpoint } from '@gunicorn-ts/http';
import type { Listener, WorkerContext } from '@gunicorn-ts/interface';
import { openSocketPair, type Peer } from '@gunicorn-ts/posix';
import {
  canBeMapped,
  createTlsServer,
  nameByIpv4,
  plainSocketOf,
  ProxiedClients,
} from '@gunicorn-ts/transport';
import type { Acceptor } from './acceptor.ts';
import { Connection } from './connection.ts';
import { faultOfConnection } from './errors.ts';

/** How long a client may go on sending after the end of its response, in milliseconds. */
const LINGER_MS = 2000;
const LATE = 'no complete PROXY protocol header in time';

export interface TlsFrontOptions {
  readonly context: WorkerContext;
  readonly rules: HttpRules;
  readonly acceptor: Acceptor;
  /** Called when a connection can be taken. */
  onSecured(): void;
}

/** Where a connection came from. */
interface Origin {
  readonly peer: Peer;
  readonly listener: Listener;
}

/**
 * Speaks TLS in front of the worker: what a client sends comes out of a socket pair as plain text, and what is
 * written into that goes to the client. Everything behind it works as it does without TLS, on a descriptor.
 */
export class TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #server: Server;
  readonly #clients: ProxiedClients | undefined;
  readonly #origins = new WeakMap<Socket, Origin>();
  /** All that are open, by their outer sockets. */
  readonly #open = new Set<Socket>();
  readonly #handshaking = new Set<Socket>();
  readonly #ready: Connection[] = [];
  #onEmpty: (() => void) | undefined;

  /** `undefined` when the settings name no certificate. */
  static create(options: TlsFrontOptions): TlsFront | undefined {
    const server = createTlsServer(options.context, (tls) => createServer(tls));
    return server === undefined ? undefined : new TlsFront(options, server);
  }

  private constructor(options: TlsFrontOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    const { settings, log } = options.context;
    if (settings.proxyProtocol !== 'off') {
      this.#clients = new ProxiedClients({
        rules: options.rules,
        timeoutMs: settings.headersTimeout * 1000,
        refuse(socket, error) {
          log.warning(`Invalid request from ip=${socket.remoteAddress ?? ''}: ${error.message}`);
          socket.destroy();
        },
        expire(socket) {
          // A client that sent nothing has asked nothing.
          if (socket.bytesRead > 0)
            log.warning(`Invalid request from ip=${socket.remoteAddress ?? ''}: ${LATE}`);
          socket.destroy();
        },
      });
    }
    server.on('secureConnection', (secured) => this.#secured(secured));
    // A failed handshake is no news on a public port.
    server.on('tlsClientError', (error, socket) => {
      log.debug(`TLS handshake failed with ip=${socket.remoteAddress ?? ''}: ${error.message}`);
    });
  }

  /** Whether handshakes are going on, which need this thread. */
  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** The next connection whose handshake is done; without one, another handshake is begun. */
  accept(): Connection | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    const { acceptor, context } = this.#options;
    const accepted = acceptor.accept();
    if (accepted === undefined) return undefined;
    if (this.#handshaking.size >= context.settings.workerConnections) {
      const [oldest] = this.#handshaking;
      oldest?.destroy();
    }
    this.#shakeHands(accepted);
    return undefined;
  }

  /** Clients that have not ended their handshake are not waited for longer than `ms` milliseconds. */
  hurry(ms: number): void {
    const late = [...this.#handshaking];
    setTimeout(() => {
      for (const socket of late) if (this.#handshaking.has(socket)) socket.destroy();
    }, ms).unref();
  }

  /** Resolves when the last connection is closed. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#open.size === 0) resolve();
      else this.#onEmpty = resolve;
    });
  }

  #shakeHands(connection: Connection): void {
    const { fd, peer, listener } = connection;
    let socket: Socket;
    try {
      socket = new Socket({ fd, readable: true, writable: true });
    } catch (error) {
      this.#options.context.log.error(faultOfConnection(error));
      connection.close();
      return;
    }
    if (canBeMapped(listener)) nameByIpv4(socket);
    this.#origins.set(socket, { peer, listener });
    this.#open.add(socket);
    this.#handshaking.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#handshaking.delete(socket);
      this.#options.onSecured();
      if (this.#open.size === 0) this.#onEmpty?.();
    });
    const secure = (): void => void this.#server.emit('connection', socket);
    if (this.#clients === undefined) secure();
    else this.#clients.receive(socket, secure);
  }

  #secured(secured: TLSSocket): void {
    const outer = plainSocketOf(secured);
    const origin = outer === undefined ? undefined : this.#origins.get(outer);
    if (outer === undefined || origin === undefined || secured.destroyed) return;
    this.#handshaking.delete(outer);
    try {
      const [fd, far] = openSocketPair();
      this.#join(secured, new Socket({ fd, allowHalfOpen: true, readable: true, writable: true }));
      const source = this.#sourceOf(outer);
      this.#ready.push(new Connection(far, origin.peer, origin.listener, { secured, source }));
    } catch (error) {
      this.#options.context.log.error(`Cannot serve a TLS connection: ${(error as Error).message}`);
      secured.destroy();
    }
    this.#options.onSecured();
  }

  #sourceOf(outer: Socket): ProxyEndpoint | undefined {
    if (this.#clients?.proxyOf(outer) === undefined) return undefined;
    return { address: outer.remoteAddress ?? '', port: outer.remotePort ?? 0 };
  }

  /** Passes on what comes from either side, and its end. */
  #join(secured: TLSSocket, inner: Socket): void {
    const { timeout } = this.#options.context.settings;
    secured.on('error', () => inner.destroy());
    // The worker closes its end with bytes unread when it wants no more of them.
    inner.on('error', () => secured.end());
    secured.once('close', () => inner.destroy());
    inner.once('end', () => {
      secured.setTimeout(Math.max(timeout * 1000, LINGER_MS), () => secured.destroy());
      secured.once('finish', () => setTimeout(() => secured.destroy(), LINGER_MS).unref());
    });
    secured.pipe(inner);
    inner.pipe(secured);
  }
}

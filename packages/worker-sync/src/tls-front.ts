import { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { HttpRules } from '@gunicorn-ts/http';
import { type Engine, FrontedSockets } from '@gunicorn-ts/http-server';
import type { Listener, WorkerContext } from '@gunicorn-ts/interface';
import { closeDescriptor, type Peer } from '@gunicorn-ts/posix';
import {
  canBeMapped,
  createTlsServer,
  nameByIpv4,
  plainSocketOf,
  ProxiedClients,
} from '@gunicorn-ts/transport';
import type { Taken } from './acceptor.ts';
import { faultOfConnection } from './errors.ts';
import { localOf } from './reception.ts';

const LATE = 'no complete PROXY protocol header in time';

export interface TlsFrontOptions {
  readonly context: WorkerContext;
  readonly rules: HttpRules;
  /** Serves what comes out. */
  readonly engine: () => Engine;
}

/** Where a connection came from. */
interface Origin {
  readonly peer: Peer;
  readonly listener: Listener;
}

/** Speaks TLS in front of HTTP. The handshakes of many clients go on at a time, beside the request that is served. */
export class TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #server: Server;
  readonly #clients: ProxiedClients | undefined;
  readonly #origins = new WeakMap<Socket, Origin>();

  /** Those whose handshake is going on. */
  readonly fronted: FrontedSockets = new FrontedSockets();

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

  /** Begins a handshake. At the limit, the one that has lasted longest makes room. */
  take({ accepted, listener }: Taken): void {
    const { context } = this.#options;
    const { fronted } = this;
    if (fronted.size >= context.settings.workerConnections) fronted.oldest?.destroy();
    let socket: Socket;
    try {
      socket = new Socket({ fd: accepted.fd, readable: true, writable: true });
    } catch (error) {
      context.log.error(faultOfConnection(error));
      closeDescriptor(accepted.fd);
      return;
    }
    if (canBeMapped(listener)) nameByIpv4(socket);
    this.#origins.set(socket, { peer: accepted.peer, listener });
    fronted.add(socket);
    socket.on('error', () => {});
    const secure = (): void => void this.#server.emit('connection', socket);
    if (this.#clients === undefined) secure();
    else this.#clients.receive(socket, secure);
  }

  #secured(secured: TLSSocket): void {
    const outer = plainSocketOf(secured);
    const origin = outer === undefined ? undefined : this.#origins.get(outer);
    if (outer === undefined || origin === undefined || secured.destroyed) return;
    this.fronted.delete(outer);
    if (canBeMapped(origin.listener)) nameByIpv4(secured);
    this.#clients?.addSecured(secured);
    const { peer, listener } = origin;
    const ends = { peer, local: localOf(listener), secure: true };
    if (this.#clients?.proxyOf(outer) === undefined) this.#options.engine().serveStream(secured, ends);
    else {
      const source = { address: outer.remoteAddress ?? '', port: outer.remotePort ?? 0 };
      this.#options.engine().serveStream(secured, { ...ends, source });
    }
  }
}

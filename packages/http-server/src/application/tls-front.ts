import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { HttpRules, type RequestError } from '@gunicorn-ts/http';
import type { Logger, WorkerContext } from '@gunicorn-ts/interface';
import {
  createTlsServer,
  nameByIpv4,
  peerAddress,
  plainSocketOf,
  ProxiedClients,
} from '@gunicorn-ts/transport';
import type { StreamEnds } from '../transport/stream.ts';

/** Who serves what comes out of TLS. */
export interface SecuredServer {
  serveStream(stream: TLSSocket, ends: StreamEnds, socket: Socket | undefined): void;
  /** Without an error, what was expected has not come in time. */
  refuseSocket(socket: Socket, error?: RequestError): void;
}

/** TLS in front of HTTP, and the PROXY protocol in front of TLS. Handshakes of many clients go on at a time. */
export class TlsFront {
  readonly #server: Server;
  readonly #clients: ProxiedClients | undefined;
  readonly #application: HttpServer | undefined;
  readonly #log: Logger;

  private constructor(server: Server, secured: SecuredServer, context: WorkerContext) {
    const { application, log, settings } = context;
    this.#server = server;
    this.#log = log;
    this.#application = application.kind === 'node' ? application.server : undefined;
    if (settings.proxyProtocol !== 'off') {
      this.#clients = new ProxiedClients({
        rules: new HttpRules(settings),
        timeoutMs: settings.headersTimeout * 1000,
        refuse: (socket, error) => secured.refuseSocket(socket, error),
        expire: (socket) => secured.refuseSocket(socket),
      });
    }
    server.on('secureConnection', (socket) => {
      // A client whose certificate was refused.
      if (socket.destroyed) return;
      nameByIpv4(socket);
      this.#clients?.addSecured(socket);
      secured.serveStream(socket, this.#endsOf(socket), plainSocketOf(socket));
    });
    server.on('tlsClientError', (error, socket) => this.#failed(error, socket));
  }

  /**
   * `undefined` when the settings name no certificate.
   * @throws {OperatorError} `ERR_TLS_CONTEXT`, `ERR_SSL_CONTEXT_HOOK`
   */
  static create(context: WorkerContext, secured: SecuredServer): TlsFront | undefined {
    if (context.tls === undefined) return undefined;
    // Not imported: without TLS a worker does not carry Node's, which takes 2.5 MB.
    const { createServer } = process.getBuiltinModule('node:tls');
    const server = createTlsServer(context, createServer);
    return server && new TlsFront(server, secured, context);
  }

  /** Takes an accepted connection: a socket that allows half-open connections, so that what was asked is answered. */
  receive(socket: Socket): void {
    if (this.#clients === undefined) this.#server.emit('connection', socket);
    else this.#clients.receive(socket, () => this.#server.emit('connection', socket));
  }

  /** A client that leaves, or speaks something else, is no news on a public port. */
  #failed(error: Error, socket: TLSSocket): void {
    if (this.#application !== undefined && this.#application.listenerCount('clientError') > 0) {
      this.#application.emit('clientError', error, socket);
      return;
    }
    const peer = socket.remoteAddress ?? '';
    this.#log.debug(`Invalid request from ip=${peer}: ${error.message}`, { peer });
    socket.destroy();
  }

  #endsOf(socket: TLSSocket): StreamEnds {
    const proxy = this.#clients?.proxyOf(socket);
    if (proxy === undefined) return {};
    const source = { address: peerAddress(socket), port: socket.remotePort ?? 0 };
    return { peer: { host: proxy, port: 0 }, source };
  }
}

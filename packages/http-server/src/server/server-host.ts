import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from '../node-http.ts';
import type { Socket } from 'node:net';
import type { RequestError, RequestHead } from '@gunicorn-ts/http';
import type { ServedConnection } from '../connection/served-connection.ts';
import { onlyListener } from '../kinds/node/message-maker.ts';
import type { NodeExchange } from '../kinds/node/node-exchange.ts';
import type { Answering, NodeHost, UpgradeVerdict } from '../kinds/node/node-host.ts';
import { type ClientError, clientErrorOf, statusOfClientError, timeoutError } from './client-error.ts';
import { emitRequest } from './request-event.ts';
import type { ServerOptions } from './server-options.ts';

/** Newer versions of Node have it. */
type UpgradingServer = Server & {
  readonly requireHostHeader?: boolean;
  shouldUpgradeCallback?(request: IncomingMessage): boolean;
};

/** What Node's own server does with what comes: its events, and what it answers when nobody listens to them. */
export class ServerHost implements NodeHost {
  readonly server: UpgradingServer;
  readonly requestClass?: typeof IncomingMessage;
  readonly responseClass?: typeof ServerResponse;
  readonly onFarewell: (connection: ServedConnection) => void;
  readonly #skipsEmpty: boolean;
  readonly #told = new WeakSet<ServedConnection>();

  constructor(server: Server, options: ServerOptions, onFarewell: (connection: ServedConnection) => void) {
    this.server = server;
    this.onFarewell = onFarewell;
    if (options.IncomingMessage) this.requestClass = options.IncomingMessage;
    if (options.ServerResponse) this.responseClass = options.ServerResponse;
    this.#skipsEmpty = options.optimizeEmptyRequests === true;
  }

  get application(): RequestListener | undefined {
    return onlyListener(this.server);
  }

  get requiresHost(): boolean {
    return this.server.requireHostHeader !== false;
  }

  get keepAliveMs(): number {
    return this.server.keepAliveTimeout;
  }

  run(exchange: NodeExchange): void {
    const { request, head } = exchange;
    if (this.#skipsEmpty && !hasBodyFields(head)) {
      request._dumpAndCloseReadable?.();
      request._read();
    }
    emitRequest(this.server, exchange);
  }

  refuse(connection: ServedConnection, error: RequestError, answering: Answering): void {
    connection.stopReading();
    // To Node this is a request, which it answers itself: its clients are no errors.
    if (error.code === 'missing-host') answering.answer(connection, refusal(400));
    else this.#clientError(connection, clientErrorOf(error), answering);
  }

  expire(connection: ServedConnection, answering: Answering): void {
    connection.stopReading();
    this.#clientError(connection, timeoutError(), answering);
  }

  /** As in Node's own server, that of a socket is the client's too, and is told of once a connection. */
  socketFailed(connection: ServedConnection, error: Error, answering: Answering): void {
    if (!this.#told.has(connection)) this.#clientError(connection, error as ClientError, answering);
  }

  /** Node knows no such limit. */
  giveUp({ connection }: NodeExchange): void {
    connection.destroy();
  }

  judgeUpgrade(request: IncomingMessage): UpgradeVerdict {
    const { server } = this;
    if (request.method === 'CONNECT') return server.listenerCount('connect') > 0 ? 'upgrade' : 'cut';
    const wanted = server.shouldUpgradeCallback?.(request) ?? server.listenerCount('upgrade') > 0;
    if (!wanted) return 'serve';
    return server.listenerCount('upgrade') > 0 ? 'upgrade' : 'cut';
  }

  onUpgrade(request: IncomingMessage, socket: Socket, rest: Buffer): void {
    this.server.emit(request.method === 'CONNECT' ? 'connect' : 'upgrade', request, socket, rest);
  }

  #clientError(connection: ServedConnection, error: ClientError, answering: Answering): void {
    this.#told.add(connection);
    if (this.server.emit('clientError', error, answering.socketOf(connection))) return;
    answering.answer(connection, refusal(statusOfClientError(error)), error);
  }
}

function refusal(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`;
}

/** Whether a body was announced, be it an empty one. */
function hasBodyFields({ fields }: RequestHead): boolean {
  return fields.find('content-length') !== -1 || fields.find('transfer-encoding') !== -1;
}

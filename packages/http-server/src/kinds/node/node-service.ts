import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, getDefaultHighWaterMark } from 'node:stream';
import { RequestError, type RequestHead } from '@gunicorn-ts/http';
import type { Connection } from '../../connection/connection.ts';
import type { Exchange, Service } from '../../connection/exchange.ts';
import { DescriptorTransport } from '../../transport/descriptor.ts';
import type { StreamTransport } from '../../transport/stream.ts';
import { ConnectionSocket } from './connection-socket.ts';
import { type NodeRequest, type NodeResponse, setUniqueHeaders, uniqueHeadersOf } from './internals.ts';
import { NodeExchange } from './node-exchange.ts';
import { bindConnection } from './socket-connection.ts';
import { handOver } from './handover.ts';
import { hearTimeouts } from './socket-timeout.ts';

/** What a `(req, res)` application is served with. */
export interface NodeHost {
  /** Has the events and the properties that applications look for in `request.socket.server`. */
  readonly server: Server;
  readonly requestClass?: typeof IncomingMessage;
  readonly responseClass?: typeof ServerResponse;
  /** Has the application answer. What it throws is the caller's. */
  run(exchange: NodeExchange): void;
  /** What arrived is no request, or the rest of its body is none. */
  refuse(connection: Connection, error: RequestError, service: NodeService): void;
  /** A head, or the rest of a request, has not arrived in time. */
  expire(connection: Connection, service: NodeService): void;
  /** The application has not answered in time. */
  giveUp(exchange: NodeExchange): void;
  /** What becomes of a request for another protocol, or of a CONNECT. */
  judgeUpgrade(request: IncomingMessage): UpgradeVerdict;
  /** The connection is the application's from now on. */
  onUpgrade(request: IncomingMessage, socket: Socket, rest: Buffer): void;
}

/** Node's own limit, of a server that says nothing else. */
const NODE_MOST_HEADERS = 2000;

/** Its second parameter is not in Node's types. */
type ResponseMaker = new (request: IncomingMessage, options: object) => NodeResponse;

/** It is handed over, served like any other, or its connection is cut. */
export type UpgradeVerdict = 'upgrade' | 'serve' | 'cut';

/** Serves requests as Node's own server does, with Node's own objects. */
export class NodeService implements Service {
  readonly server: Server;
  readonly #host: NodeHost;
  readonly #requestClass: typeof IncomingMessage;
  readonly #responseClass: ResponseMaker;
  readonly #responseOptions: object;
  readonly #uniqueHeaders: unknown;

  constructor(host: NodeHost) {
    this.#host = host;
    this.server = host.server;
    this.#requestClass = host.requestClass ?? IncomingMessage;
    this.#responseClass = (host.responseClass ?? ServerResponse) as unknown as ResponseMaker;
    const { rejectNonStandardBodyWrites = false } = host.server as { rejectNonStandardBodyWrites?: boolean };
    this.#responseOptions = { highWaterMark: getDefaultHighWaterMark(false), rejectNonStandardBodyWrites };
    this.#uniqueHeaders = uniqueHeadersOf(host.server);
  }

  accept(connection: Connection, head: RequestHead): Exchange | undefined {
    if (head.fields.count > this.#mostHeaders()) {
      this.#host.refuse(connection, new RequestError('too-many-fields'), this);
      return undefined;
    }
    const isConnect = head.method === 'CONNECT';
    const wantsUpgrade = isConnect || (head.wantsUpgrade && head.fields.find('upgrade') !== -1);
    const socket = this.socketOf(connection);
    const request = this.#requestOf(head, socket);
    if (wantsUpgrade && this.#upgrades(connection, request)) return undefined;
    return new NodeExchange(this, connection, head, request);
  }

  run(exchange: NodeExchange): void {
    this.#host.run(exchange);
  }

  refuse(connection: Connection, error: RequestError): void {
    this.#host.refuse(connection, error, this);
  }

  expire(connection: Connection): void {
    this.#host.expire(connection, this);
  }

  giveUp(exchange: NodeExchange): void {
    this.#host.giveUp(exchange);
  }

  onInactive(connection: Connection): void {
    this.socketOf(connection).emit('timeout');
  }

  onGone(connection: Connection, error: Error | undefined): void {
    this.gone(connection, error);
  }

  gone({ attachment }: Connection, error: Error | undefined): void {
    if (attachment instanceof ConnectionSocket) attachment.gone(error);
  }

  drained({ attachment }: Connection): void {
    if (attachment instanceof ConnectionSocket) attachment.drained();
  }

  /**
   * Answers for the application, and ends the connection.
   * @param text a whole response; lost when another one has begun
   */
  answer(connection: Connection, text: string): void {
    const exchange = connection.exchange as NodeExchange | undefined;
    if (exchange?.response._headerSent === true) {
      connection.destroy();
      return;
    }
    connection.transport.text(text);
    connection.transport.flush();
    exchange?.breakOff();
    connection.close(true);
  }

  /** Whether the connection is a descriptor, and no stream that somebody else made. */
  isOurs({ transport }: Connection): boolean {
    return transport instanceof DescriptorTransport;
  }

  /** What `request.socket` is; the same for all requests of the connection. */
  socketOf(connection: Connection): Duplex {
    return (connection.attachment ??= this.#makeSocket(connection)) as Duplex;
  }

  #mostHeaders(): number {
    const { maxHeadersCount } = this.server;
    if (typeof maxHeadersCount !== 'number') return NODE_MOST_HEADERS;
    return maxHeadersCount > 0 ? maxHeadersCount : Infinity;
  }

  #upgrades(connection: Connection, request: NodeRequest): boolean {
    const verdict = this.#host.judgeUpgrade(request);
    if (verdict === 'serve') return false;
    if (verdict === 'cut') {
      connection.destroy();
      return true;
    }
    const { socket, rest } = handOver(connection, request);
    this.#host.onUpgrade(request, socket, rest);
    return true;
  }

  #requestOf(head: RequestHead, socket: Duplex): NodeRequest {
    const request = new this.#requestClass(socket as never) as NodeRequest;
    const { version, fields } = head;
    if (version === 11) {
      request.httpVersionMajor = request.httpVersionMinor = 1;
      request.httpVersion = '1.1';
    } else {
      request.httpVersionMajor = Math.floor(version / 10);
      request.httpVersionMinor = version % 10;
      request.httpVersion = `${request.httpVersionMajor}.${request.httpVersionMinor}`;
    }
    const { server } = this;
    request.joinDuplicateHeaders =
      (server as { joinDuplicateHeaders?: boolean }).joinDuplicateHeaders === true;
    request.url = head.target;
    request.method = head.method;
    request.upgrade = false;
    const raw = fields.raw();
    request._addHeaderLines(raw, raw.length);
    return request;
  }

  responseTo(request: IncomingMessage): NodeResponse {
    const { server } = this;
    const response = new this.#responseClass(request, this.#responseOptions);
    response._keepAliveTimeout = server.keepAliveTimeout;
    response._maxRequestsPerSocket = server.maxRequestsPerSocket ?? 0;
    if (this.#uniqueHeaders !== undefined) setUniqueHeaders(response, this.#uniqueHeaders);
    return response;
  }

  #makeSocket(connection: Connection): Duplex {
    const { transport } = connection;
    if (transport instanceof DescriptorTransport) {
      const socket = new ConnectionSocket(connection, transport);
      socket.server = this.server;
      hearTimeouts(socket as unknown as Socket);
      return socket as unknown as Duplex;
    }
    const { stream } = transport as StreamTransport;
    bindConnection(stream, connection);
    Object.assign(stream, { server: this.server, _paused: false });
    hearTimeouts(stream as Socket);
    return stream;
  }
}

import type { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { type Duplex, getDefaultHighWaterMark } from 'node:stream';
import { RequestError, type RequestHead } from '@gunicorn-ts/http';
import type { Meter } from '@gunicorn-ts/interface';
import type { Exchange } from '../../connection/exchange.ts';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { Service } from '../../connection/service.ts';
import { DescriptorTransport } from '../../transport/descriptor.ts';
import { StreamTransport } from '../../transport/stream.ts';
import { ConnectionSocket, type SocketWatcher } from './connection-socket.ts';
import { type NodeRequest, type NodeResponse, setUniqueHeaders, uniqueHeadersOf } from './internals.ts';
import { type ExchangeOwner, NodeExchange } from './node-exchange.ts';
import { handOver, nameClient } from './handover.ts';
import { MessageMaker } from './message-maker.ts';
import type { NodeGate } from './node-gate.ts';
import type { Answering, NodeHost } from './node-host.ts';
import { onTimeout } from './socket-timeout.ts';
import { watchStream } from './watched-stream.ts';

const HTTP_1_1 = 11;
/** From here on a stream carries one request, and is nobody else's behind it. */
const HTTP_2 = 20;

/** Node's own limit, of a server that says nothing else. */
const NODE_MOST_HEADERS = 2000;

/** Serves requests as Node's own server does, with Node's own objects. */
export class NodeService implements Service, Answering, ExchangeOwner, SocketWatcher {
  readonly server: Server;
  readonly gate: NodeGate | undefined;
  readonly meter: Meter | undefined;
  readonly #host: NodeHost;
  readonly #messages: MessageMaker;
  readonly #responseOptions: object;
  readonly #uniqueHeaders: unknown;

  constructor(host: NodeHost) {
    this.#host = host;
    this.server = host.server;
    this.meter = host.meter;
    this.gate = host.gate;
    this.#messages = new MessageMaker(host.requestClass, host.responseClass);
    const { rejectNonStandardBodyWrites = false, highWaterMark = getDefaultHighWaterMark(false) } =
      host.server as { rejectNonStandardBodyWrites?: boolean; highWaterMark?: number };
    this.#responseOptions = { highWaterMark, rejectNonStandardBodyWrites };
    this.#uniqueHeaders = uniqueHeadersOf(host.server);
  }

  accept(connection: ServedConnection, head: RequestHead): Exchange | undefined {
    if (head.fields.count > this.#mostHeaders()) {
      this.#host.refuse(connection, new RequestError('too-many-fields'), this);
      return undefined;
    }
    const isConnect = head.method === 'CONNECT' && head.version < HTTP_2;
    const wantsUpgrade = isConnect || (head.wantsUpgrade && head.fields.find('upgrade') !== -1);
    const socket = this.socketOf(connection);
    // An upgrade is not the framework's: its listeners write properties that Express has getters for.
    const request = this.#requestOf(head, socket, wantsUpgrade ? undefined : this.#host.application);
    if (wantsUpgrade && this.#upgrades(connection, request)) return undefined;
    if (this.#host.requiresHost === true && head.version >= HTTP_1_1 && head.fields.find('host') === -1) {
      this.#host.refuse(connection, new RequestError('missing-host'), this);
      return undefined;
    }
    this.meter?.requestArrived();
    return new NodeExchange(this, connection, head, request);
  }

  run(exchange: NodeExchange): void {
    this.#host.run(exchange);
  }

  refuse(connection: ServedConnection, error: RequestError): void {
    this.#host.refuse(connection, error, this);
  }

  expire(connection: ServedConnection): void {
    this.#host.expire(connection, this);
  }

  giveUp(exchange: NodeExchange): void {
    this.#host.giveUp(exchange, this);
  }

  unstored(exchange: NodeExchange, error: Error): void {
    this.#host.unstored?.(exchange, error, this);
  }

  onUnread({ exchange }: ServedConnection): void {
    if (exchange !== undefined) this.#host.onUnread?.(exchange as NodeExchange);
  }

  onInactive(connection: ServedConnection): void {
    this.socketOf(connection).emit('timeout');
  }

  onUnused(connection: ServedConnection): boolean {
    const { attachment } = connection;
    const hears = (emitter: unknown): boolean => (emitter as EventEmitter).listenerCount('timeout') > 0;
    if (!hears(this.server) && !(attachment instanceof ConnectionSocket && hears(attachment))) return false;
    this.onInactive(connection);
    return true;
  }

  onGone(connection: ServedConnection, error: Error | undefined): void {
    // Of a connection that has asked for nothing its server hears when it fails.
    if (error !== undefined && this.isOurs(connection)) this.socketOf(connection);
    this.gone(connection, error);
  }

  onTimeout(socket: ConnectionSocket): void {
    onTimeout(socket as never);
  }

  onError({ connection }: ConnectionSocket, error: Error): void {
    this.#failed(connection, error);
  }

  answered(exchange: NodeExchange): void {
    this.#host.onAnswer?.(exchange);
  }

  ended(exchange: NodeExchange): void {
    this.#host.onEnd?.(exchange);
  }

  gone({ attachment }: ServedConnection, error: Error | undefined): void {
    if (attachment instanceof ConnectionSocket) attachment.gone(error);
  }

  drained({ attachment }: ServedConnection): void {
    if (attachment instanceof ConnectionSocket) attachment.drained();
  }

  answer(connection: ServedConnection, text: string, error?: Error): boolean {
    const exchange = connection.exchange as NodeExchange | undefined;
    if (error !== undefined) blame(connection, error);
    if (exchange?.response._headerSent === true) {
      connection.destroy();
      return false;
    }
    connection.transport.text(text);
    connection.transport.flush();
    exchange?.breakOff();
    connection.close(true);
    this.#host.onFarewell?.(connection);
    return true;
  }

  /** Whether the connection is a descriptor, and no stream that somebody else made. */
  isOurs({ transport }: ServedConnection): boolean {
    return transport instanceof DescriptorTransport;
  }

  /** What `request.socket` is; the same for all requests of the connection. */
  socketOf(connection: ServedConnection): Duplex {
    return (connection.attachment ??= this.#makeSocket(connection)) as Duplex;
  }

  #mostHeaders(): number {
    const { mostHeaders } = this.#host;
    if (mostHeaders !== undefined) return mostHeaders;
    const { maxHeadersCount } = this.server;
    if (typeof maxHeadersCount !== 'number') return NODE_MOST_HEADERS;
    return maxHeadersCount > 0 ? maxHeadersCount : Infinity;
  }

  #upgrades(connection: ServedConnection, request: NodeRequest): boolean {
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

  #requestOf(head: RequestHead, socket: Duplex, application: RequestListener | undefined): NodeRequest {
    const request = this.#messages.request(application, socket);
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
    const response = this.#messages.response(request, this.#responseOptions);
    // Node looks at the minor version alone, and takes 2.0 for 1.0.
    if (request.httpVersionMajor > 1) response.useChunkedEncodingByDefault = true;
    response._keepAliveTimeout = this.#host.keepAliveMs;
    response._maxRequestsPerSocket = server.maxRequestsPerSocket ?? 0;
    if (this.#uniqueHeaders !== undefined) setUniqueHeaders(response, this.#uniqueHeaders);
    return response;
  }

  #failed(connection: ServedConnection, error: Error): void {
    if (this.#host.socketFailed === undefined) connection.destroy(error);
    else this.#host.socketFailed(connection, error, this);
  }

  #makeSocket(connection: ServedConnection): Duplex {
    const { transport, proxy } = connection;
    if (transport instanceof DescriptorTransport) {
      const socket = new ConnectionSocket(connection, transport, this);
      socket.server = this.server;
      return socket as unknown as Duplex;
    }
    const { stream } = transport as StreamTransport;
    const { socketFailed } = this.#host;
    const onError = socketFailed && ((error: Error) => this.#failed(connection, error));
    watchStream(stream, connection, this.server, onError);
    if (proxy?.source !== undefined) nameClient(stream, proxy.source.address, proxy.source.port);
    return stream;
  }
}

/** What the `error` event of the socket will tell, before its `close`. */
function blame({ attachment, transport }: ServedConnection, error: Error): void {
  if (attachment instanceof ConnectionSocket) attachment.errored ??= error;
  else if (transport instanceof StreamTransport) transport.fault = error;
}

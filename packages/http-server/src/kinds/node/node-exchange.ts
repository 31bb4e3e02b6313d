import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { errorBody, type HeaderFields, type RequestError, type RequestHead } from '@gunicorn-ts/http';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { Exchange } from '../../connection/exchange.ts';
import { clock } from '../../loop/clock.ts';
import type { EndedRequest } from '../../observe/ended-request.ts';
import { CLIENT_CLOSED_REQUEST, headerIn } from '../../observe/head-text.ts';
import { requestStart, responseFinish } from './diagnostics.ts';
import {
  abortRequest,
  closeUnread,
  detachSignal,
  emitClose,
  isUnread,
  type NodeRequest,
  type NodeResponse,
  takeNeedDrain,
} from './internals.ts';
import { ConnectionSocket } from './connection-socket.ts';
import { markLast } from './last-response.ts';
import { measuredSize } from './measured-body.ts';
import { connectionOf } from './socket-connection.ts';

/** Who makes exchanges, and is asked by them. */
export interface ExchangeOwner {
  readonly server: Server;
  responseTo(request: IncomingMessage): NodeResponse;
  /** Has the application answer. */
  run(exchange: NodeExchange): void;
  refuse(connection: ServedConnection, error: RequestError): void;
  giveUp(exchange: NodeExchange): void;
  /** The exchange is over. Told once. */
  ended(exchange: NodeExchange): void;
  drained(connection: ServedConnection): void;
}

/** One request of a `(req, res)` application: Node's own objects, on a socket that may be ours. */
export class NodeExchange implements Exchange, EndedRequest {
  readonly head: RequestHead;
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly connection: ServedConnection;
  readonly startedAt: number = clock.now;
  /** The status that was sent past the response object, whose head then counts as not sent. */
  answeredWith = 0;
  cutAs: number = CLIENT_CLOSED_REQUEST;
  readonly #service: ExchangeOwner;
  #isOver = false;
  #isEndDue = false;

  constructor(service: ExchangeOwner, connection: ServedConnection, head: RequestHead, request: NodeRequest) {
    this.#service = service;
    this.connection = connection;
    this.head = head;
    const { socket } = request;
    const response = service.responseTo(request);
    this.request = request;
    this.response = response;
    response.shouldKeepAlive = head.keepAlive;
    if (requestStart.hasSubscribers) {
      requestStart.publish({ request, response, socket, server: service.server });
    }
    response.assignSocket(socket);
    response.on('finish', onFinish);
  }

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? '';
  }

  get status(): number {
    const { response, answeredWith } = this;
    if (answeredWith !== 0) return answeredWith;
    return response.headersSent ? response.statusCode : this.cutAs;
  }

  /** Only of a response that was measured. */
  get bytes(): number {
    if (this.answeredWith !== 0) {
      return this.head.method === 'HEAD' ? 0 : errorBody(this.answeredWith).length;
    }
    const added = measuredSize(this.response);
    return Math.max(0, added - this.connection.transport.lost);
  }

  responseHeader(name: string): string | undefined {
    // `getHeader` does not know what was given to `writeHead`; the head as it was sent has everything.
    return headerIn(this.response._header ?? '', name);
  }

  start(): void {
    this.#service.run(this);
  }

  onBody(chunk: Uint8Array): boolean {
    const { request } = this;
    // Nobody will read it: it is taken off the connection and forgotten.
    return request._dumped || request.push(Buffer.from(chunk));
  }

  onComplete(trailers: HeaderFields): void {
    const { request } = this;
    request.complete = true;
    if (trailers.count > 0) {
      const raw = trailers.raw();
      request._addHeaderLines(raw, raw.length);
    }
    // An answer that is given at once is on its way: the end is looked at when it is there.
    if (this.response.finished && this.head.framing.kind === 'none') this.#isEndDue = true;
    else request.push(null);
  }

  onDrain(): void {
    const { response } = this;
    this.#service.drained(this.connection);
    if (response.finished || response.writableLength > 0) return;
    if (takeNeedDrain(response)) response.emit('drain');
  }

  onRefused(error: RequestError): void {
    this.#service.refuse(this.connection, error);
  }

  onLast(): void {
    markLast(this.response);
  }

  onTimeout(): void {
    this.#service.giveUp(this);
  }

  /** The `close` of the socket follows, and brings that of the response. */
  onAbort(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#service.ended(this);
    const { attachment } = this.connection;
    if (attachment instanceof ConnectionSocket) attachment.gone(error, this.request);
    // In the middle of the `close` of a stream, before the response hears of it.
    else abortRequest(this.request);
  }

  /**
   * The connection answers in the application's place, and stays for a while after that. To the application it is
   * gone: what it still writes goes nowhere.
   */
  breakOff(): void {
    const { attachment } = this.connection;
    // A stream of Node's is what it is: its end comes when the client has read the answer.
    if (this.#isOver || !(attachment instanceof ConnectionSocket)) return;
    this.#isOver = true;
    this.#service.ended(this);
    this.connection.exchange = undefined;
    attachment.gone(undefined, this.request);
  }

  /** All of the response has been handed to the kernel. */
  finished(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { request, response, connection } = this;
    const socket = response.socket!;
    if (responseFinish.hasSubscribers) {
      responseFinish.publish({ request, response, socket, server: this.#service.server });
    }
    this.#service.ended(this);
    detachSignal(request);
    this.#endRequest();
    response.detachSocket(socket);
    process.nextTick(emitClose, response);
    connection.exchangeDone(!response._last && this.head.keepAlive);
  }

  /** What nobody has read is read off the connection, and forgotten. */
  #endRequest(): void {
    const { request } = this;
    const isBodiless = this.head.framing.kind === 'none' && request.complete;
    if (isBodiless && isUnread(request)) {
      closeUnread(request);
      return;
    }
    if (this.#isEndDue) request.push(null);
    const isConsumed = request._consuming ?? request._consumed;
    if (isConsumed !== true && request._readableState.resumeScheduled !== true) request._dump();
  }
}

/** Shared by all responses, so that a request makes no function. */
function onFinish(this: ServerResponse): void {
  const { socket } = this;
  const exchange = socket === null ? undefined : connectionOf(socket)?.exchange;
  if (exchange instanceof NodeExchange && exchange.response === this) exchange.finished();
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { CONTINUE, type HeaderFields, type RequestError, type RequestHead } from '@gunicorn-ts/http';
import type { BodyStore } from '@gunicorn-ts/wsgi';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { Exchange } from '../../connection/exchange.ts';
import { clock } from '../../loop/clock.ts';
import { CLIENT_CLOSED_REQUEST, headerIn } from '../../observe/head-text.ts';
import { requestStart, responseFinish } from './diagnostics.ts';
import {
  abortRequest,
  detachSignal,
  emitClose,
  endRequest,
  type NodeRequest,
  type NodeResponse,
  takeNeedDrain,
} from './internals.ts';
import { ConnectionSocket } from './connection-socket.ts';
import {
  ANSWERED_ELSEWHERE,
  type ArrivedRequest,
  ELSEWHERE_MS,
  type WaitedFor,
} from '../../application/gate.ts';
import { HeldBody } from './held-body.ts';
import { markLast } from './last-response.ts';
import type { NodeGate } from './node-gate.ts';
import { measuredSize } from './measured-body.ts';
import { connectionOf } from './socket-connection.ts';
import { untilWritten } from './until-written.ts';

/** Who makes exchanges, and is asked by them. */
export interface ExchangeOwner {
  readonly server: Server;
  responseTo(request: IncomingMessage): NodeResponse;
  /** What keeps requests until they are with the application; `undefined` when nothing does. */
  readonly gate: NodeGate | undefined;
  /** Has the application answer. */
  run(exchange: NodeExchange): void;
  /** The body cannot be kept. */
  unstored(exchange: NodeExchange, error: Error): void;
  refuse(connection: ServedConnection, error: RequestError): void;
  giveUp(exchange: NodeExchange): void;
  /** All of the response is with the kernel. */
  answered(exchange: NodeExchange): void;
  /** The exchange is over. Told once. */
  ended(exchange: NodeExchange): void;
  drained(connection: ServedConnection): void;
}

/** One request of a `(req, res)` application: Node's own objects, on a socket that may be ours. */
export class NodeExchange implements Exchange, ArrivedRequest {
  readonly head: RequestHead;
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly connection: ServedConnection;
  readonly startedAt: number = clock.now;
  /** The status that was sent past the response object, whose head then counts as not sent. */
  answeredWith = 0;
  cutAs: number = CLIENT_CLOSED_REQUEST;
  /** Body bytes of that answer. */
  answeredBytes = 0;
  isAnsweredElsewhere = false;
  endedAt = 0;
  /** Whether a client that waits for a word before it sends its body has got it. */
  isTold = false;
  readonly #service: ExchangeOwner;
  #held: HeldBody | undefined;
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
    if (this.answeredWith !== 0) return this.answeredBytes;
    const added = measuredSize(this.response);
    return Math.max(0, added - this.connection.transport.lost);
  }

  responseHeader(name: string): string | undefined {
    // `getHeader` does not know what was given to `writeHead`; the head as it was sent has everything.
    return headerIn(this.response._header ?? '', name);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get waitedFor(): WaitedFor {
    const { request, connection } = this;
    if (connection.transport.pending > 0) return 'reader';
    // What has arrived was read to the last byte: it is the rest that the application waits for.
    return !request.complete && request.readableLength === 0 ? 'sender' : 'application';
  }

  start(): void {
    const { gate } = this.#service;
    if (gate === undefined) this.#service.run(this);
    else if (this.head.framing.kind === 'none' || !gate.holds(this.head)) gate.arrived(this);
    else this.#holdBody(gate.bodies);
  }

  run(): void | Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    held?.giveTo(this.request);
    this.#service.run(this);
    if (held?.isWhole === false) this.connection.wantBody();
    return this.#isOver ? undefined : untilWritten(this.response);
  }

  /** The application has been called: notices the end of its response where it comes, and not a turn later. */
  called(): void {
    if (this.#isOver) return;
    if (this.response.finished) this.whole();
    else this.response.on('prefinish', onPrefinish);
  }

  /** The application has said all of the response. */
  whole(): void {
    if (!this.#isOver && this.connection.transport.pending === 0) this.#service.answered(this);
  }

  onBody(chunk: Uint8Array): boolean {
    const { request } = this;
    if (this.#held !== undefined) return this.#hold(this.#held, chunk);
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
    const held = this.#held;
    if (held !== undefined) {
      held.isWhole = true;
      if (!held.hasArrived) this.#service.gate?.arrived(this);
    } else if (this.response.finished && this.head.framing.kind === 'none') {
      // An answer that is given at once is on its way: the end is looked at when it is there.
      this.#isEndDue = true;
    } else request.push(null);
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
    this.#settle();
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
    this.#settle();
    this.#service.ended(this);
    this.connection.exchange = undefined;
    attachment.gone(undefined, this.request);
  }

  /** Whether an answer may begin. When somebody else has given one, what the application still says goes nowhere. */
  mayAnswer(): boolean {
    const { gate } = this.#service;
    if (gate === undefined || this.#isOver || gate.takeBack(this)) return !this.isAnsweredElsewhere;
    this.isAnsweredElsewhere = true;
    this.answeredWith = ANSWERED_ELSEWHERE;
    const { connection } = this;
    this.breakOff();
    // The answer may still be on its way.
    setTimeout(() => connection.close(true), ELSEWHERE_MS).unref();
    return false;
  }

  #holdBody(bodies: BodyStore): void {
    this.#held = new HeldBody(bodies);
    if (!this.head.expectsContinue) return;
    this.isTold = true;
    this.connection.transport.text(CONTINUE);
    this.connection.transport.flush();
  }

  #hold(held: HeldBody, chunk: Uint8Array): boolean {
    try {
      if (held.take(chunk)) return true;
    } catch (error) {
      this.#service.unstored(this, error as Error);
      return true;
    }
    this.#service.gate?.arrived(this);
    return false;
  }

  #settle(): void {
    this.#held?.discard();
    this.#held = undefined;
    const { gate } = this.#service;
    const hasBegun = this.response._headerSent || this.answeredWith !== 0;
    if (gate === undefined || hasBegun || gate.takeBack(this)) return;
    this.isAnsweredElsewhere = true;
    this.answeredWith = ANSWERED_ELSEWHERE;
  }

  /** All of the response has been handed to the kernel. */
  finished(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settle();
    const { request, response, connection } = this;
    const socket = response.socket!;
    if (responseFinish.hasSubscribers) {
      responseFinish.publish({ request, response, socket, server: this.#service.server });
    }
    this.#service.ended(this);
    detachSignal(request);
    endRequest(request, { isBodiless: this.head.framing.kind === 'none', isEndDue: this.#isEndDue });
    response.detachSocket(socket);
    if (connection.attachment instanceof ConnectionSocket) connection.attachment.rest();
    process.nextTick(emitClose, response);
    connection.exchangeDone(!response._last && this.head.keepAlive);
  }
}

/** Shared by all responses, so that a request makes no function. */
function onFinish(this: ServerResponse): void {
  exchangeOf(this)?.finished();
}

function onPrefinish(this: ServerResponse): void {
  exchangeOf(this)?.whole();
}

function exchangeOf(response: ServerResponse): NodeExchange | undefined {
  const { socket } = response;
  const exchange = socket === null ? undefined : connectionOf(socket)?.exchange;
  return exchange instanceof NodeExchange && exchange.response === response ? exchange : undefined;
}

import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { errorResponse, type RequestError, type ResponseHeadWriter } from '@gunicorn-ts/http';
import type { Logger, Meter, NodeHandler } from '@gunicorn-ts/interface';
import type { BodyStore } from '@gunicorn-ts/wsgi';
import { NodeServer } from '../node-http.ts';
import type { ServedConnection } from '../connection/served-connection.ts';
import { guardHead } from '../kinds/node/guarded-head.ts';
import { markLast } from '../kinds/node/last-response.ts';
import { measureBody } from '../kinds/node/measured-body.ts';
import { onlyListener } from '../kinds/node/message-maker.ts';
import type { NodeExchange } from '../kinds/node/node-exchange.ts';
import { isAborted } from '../kinds/node/internals.ts';
import type { Answering, NodeHost, UpgradeVerdict } from '../kinds/node/node-host.ts';
import type { NodeGate } from '../kinds/node/node-gate.ts';
import { answerTo, idHeaders, named } from '../observe/request-id.ts';
import type { RequestObserver } from '../observe/request-observer.ts';
import { stackOf } from '../observe/stack.ts';
import { clientErrorOf } from '../server/client-error.ts';
import { failResponse } from './failed-response.ts';
import type { Gate, WaitedFor } from './gate.ts';
import type { Refusals } from './refusals.ts';
import { logTimeout } from './timeout-log.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

const REQUEST_TIMEOUT = 408;
const SERVICE_UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;

export interface ApplicationHostOptions {
  readonly handler: NodeHandler;
  /** The application's own server, whose events are the application's. */
  readonly own: Server | undefined;
  readonly writer: ResponseHeadWriter;
  /** For an application to say another one; see the setting. */
  readonly serverHeader: string | undefined;
  readonly observer: RequestObserver;
  readonly refusals: Refusals;
  readonly upgraded: UpgradedSockets;
  readonly log: Logger;
  readonly keepAliveMs: number;
  readonly meter: Meter | undefined;
  readonly gate: Gate | undefined;
  readonly bodies: BodyStore;
  /** Whether the application may take connections over. */
  readonly upgrades: boolean;
}

/** Serves the `(req, res)` application of a worker, under the rules of its operator. */
export class ApplicationHost implements NodeHost {
  readonly server: Server;
  readonly keepAliveMs: number;
  readonly meter: Meter | undefined;
  /** The settings have judged the head. */
  readonly mostHeaders: number = Infinity;
  readonly gate: NodeGate | undefined;
  readonly #options: ApplicationHostOptions;

  constructor(options: ApplicationHostOptions) {
    this.#options = options;
    this.keepAliveMs = options.keepAliveMs;
    this.meter = options.meter;
    // Applications look for properties of it, and never for its connections.
    this.server = options.own ?? new NodeServer();
    const { gate } = options;
    if (gate === undefined) return;
    this.gate = {
      bodies: options.bodies,
      arrived: (request) => gate.arrived(request),
      takeBack: (request) => gate.takeBack(request),
      // The word that a client waits for is the application's to say, when it wants to.
      holds: (head) =>
        !head.expectsContinue || (this.#options.own?.listenerCount('checkContinue') ?? 0) === 0,
    };
  }

  get application(): RequestListener | undefined {
    const { own, handler } = this.#options;
    return own === undefined ? handler : onlyListener(own);
  }

  run(exchange: NodeExchange): void {
    const { observer, handler, own, serverHeader } = this.#options;
    const { request, response, head, connection } = exchange;
    if (this.gate !== undefined) guardHead(response);
    if (observer.measures) measureBody(response);
    if (serverHeader) response.setHeader('Server', serverHeader);
    for (const [name, value] of idHeaders(head)) response.setHeader(name, value);
    if (connection.isLast) markLast(response);
    const isForeign = head.fields.find('expect') !== -1 && !head.expectsContinue;
    try {
      observer.begin(exchange);
      if (head.expectsContinue) {
        response._expect_continue = true;
        if (own !== undefined && own.listenerCount('checkContinue') > 0) {
          own.emit('checkContinue', request, response);
          return;
        }
        if (!exchange.isTold) response.writeContinue();
      } else if (isForeign && own !== undefined && own.listenerCount('checkExpectation') > 0) {
        own.emit('checkExpectation', request, response);
        return;
      }
      const result = handler(request, response);
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.#fail(exchange, error));
    } catch (error) {
      this.#fail(exchange, error);
    } finally {
      if (this.meter !== undefined) exchange.called();
    }
  }

  refuse(connection: ServedConnection, error: RequestError, answering: Answering): void {
    const { own, refusals } = this.#options;
    const exchange = connection.exchange as NodeExchange | undefined;
    if (exchange !== undefined) {
      refusals.warn(connection, error.status, error.message);
      const text = refusals.text(error.status, error.message, exchange.head);
      this.#answerPast(exchange, { status: error.status, text, answering });
    } else if (own !== undefined && own.listenerCount('clientError') > 0) {
      connection.stopReading();
      own.emit('clientError', clientErrorOf(error), answering.socketOf(connection));
    } else refusals.refuse(connection, error);
  }

  expire(connection: ServedConnection, answering: Answering): void {
    const exchange = connection.exchange as NodeExchange | undefined;
    if (exchange === undefined) this.#options.refusals.expire(connection);
    else this.#giveUp(exchange, 'sender', answering);
  }

  giveUp(exchange: NodeExchange, answering: Answering): void {
    this.#giveUp(exchange, exchange.waitedFor, answering);
  }

  unstored(exchange: NodeExchange, error: Error, answering: Answering): void {
    const { log, writer } = this.#options;
    const { head } = exchange;
    log.error(error.message, { ...named(head).fields, status: SERVICE_UNAVAILABLE });
    const text = errorResponse(writer, { status: SERVICE_UNAVAILABLE, ...answerTo(head) });
    this.#answerPast(exchange, { status: SERVICE_UNAVAILABLE, text, answering });
  }

  onUnread(exchange: NodeExchange): void {
    logTimeout(this.#options.log, exchange, 'reader');
  }

  onAnswer(exchange: NodeExchange): void {
    this.#options.observer.answered(exchange);
  }

  onEnd(exchange: NodeExchange): void {
    this.#options.observer.end(exchange);
  }

  judgeUpgrade(request: IncomingMessage): UpgradeVerdict {
    if (!this.#options.upgrades) return 'serve';
    const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
    // A CONNECT is a request, too, which the application may refuse in words.
    return (this.#options.own?.listenerCount(event) ?? 0) > 0 ? 'upgrade' : 'serve';
  }

  onUpgrade(request: IncomingMessage, socket: Socket, rest: Buffer): void {
    const { own, upgraded, log } = this.#options;
    upgraded.add(request, socket);
    try {
      own?.emit(request.method === 'CONNECT' ? 'connect' : 'upgrade', request, socket, rest);
    } catch (error) {
      log.error(`Error handling request ${request.method} ${request.url}\n${stackOf(error)}`);
      socket.destroy();
    }
  }

  #giveUp(exchange: NodeExchange, waitedFor: WaitedFor, answering: Answering): void {
    const { log, writer } = this.#options;
    this.meter?.requestTimedOut();
    logTimeout(log, exchange, waitedFor);
    const status = waitedFor === 'sender' ? REQUEST_TIMEOUT : GATEWAY_TIMEOUT;
    const text = errorResponse(writer, { status, ...answerTo(exchange.head) });
    this.#answerPast(exchange, { status, text, answering });
  }

  /** The application sees its client go away, which also aborts its signals. */
  #answerPast(exchange: NodeExchange, answer: PastAnswer): void {
    const { response, connection } = exchange;
    if (!response._headerSent && !exchange.mayAnswer()) return;
    if (!response._headerSent) {
      exchange.answeredWith = answer.status;
      exchange.answeredBytes = answer.text.length - (answer.text.indexOf('\r\n\r\n') + 4);
    }
    answer.answering.answer(connection, answer.text);
  }

  #fail({ response, head }: NodeExchange, error: unknown): void {
    const { log } = this.#options;
    // That its client has left is no fault of an application which only passes it on.
    if (response.destroyed && isAborted(error)) log.debug(`The client has left: ${stackOf(error)}`);
    else failResponse(log, { response, head }, error);
  }
}

interface PastAnswer {
  readonly status: number;
  readonly text: string;
  readonly answering: Answering;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

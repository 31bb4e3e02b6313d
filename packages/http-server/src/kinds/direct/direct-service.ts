import type { RequestError, RequestHead, ResponseHeadWriter } from '@gunicorn-ts/http';
import type { Logger, Meter } from '@gunicorn-ts/interface';
import type { BodyStore } from '@gunicorn-ts/wsgi';
import type { Gate, WaitedFor } from '../../application/gate.ts';
import type { Refusals } from '../../application/refusals.ts';
import { logTimeout } from '../../application/timeout-log.ts';
import type { Exchange } from '../../connection/exchange.ts';
import type { ServedConnection } from '../../connection/served-connection.ts';
import type { Service } from '../../connection/service.ts';
import type { RequestObserver } from '../../observe/request-observer.ts';
import { named } from '../../observe/request-id.ts';
import { stackOf } from '../../observe/stack.ts';
import type { Respond } from './answer.ts';
import { DirectExchange } from './direct-exchange.ts';
import type { DirectHost, RunningExchange } from './direct-host.ts';

const REQUEST_TIMEOUT = 408;
const INTERNAL_SERVER_ERROR = 500;
const SERVICE_UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;

export interface DirectServiceOptions {
  readonly respond: Respond;
  readonly input: 'whole' | 'stream';
  readonly bodies: BodyStore;
  readonly writer: ResponseHeadWriter;
  readonly observer: RequestObserver;
  readonly refusals: Refusals;
  readonly log: Logger;
  readonly meter: Meter | undefined;
  readonly gate: Gate | undefined;
}

/** Serves applications that need no objects of Node's. */
export class DirectService implements Service, DirectHost {
  readonly writer: ResponseHeadWriter;
  readonly bodies: BodyStore;
  readonly input: 'whole' | 'stream';
  readonly meter: Meter | undefined;
  readonly #options: DirectServiceOptions;

  constructor(options: DirectServiceOptions) {
    this.#options = options;
    this.writer = options.writer;
    this.bodies = options.bodies;
    this.input = options.input;
    this.meter = options.meter;
  }

  accept(connection: ServedConnection, head: RequestHead): Exchange {
    this.meter?.requestArrived();
    return new DirectExchange(this, connection, head);
  }

  refuse(connection: ServedConnection, error: RequestError): void {
    this.#options.refusals.refuse(connection, error);
  }

  expire(connection: ServedConnection): void {
    const { exchange } = connection;
    if (exchange === undefined) this.#options.refusals.expire(connection);
    else this.#giveUp(exchange as DirectExchange, 'sender');
  }

  onUnread({ exchange }: ServedConnection): void {
    if (exchange !== undefined) logTimeout(this.#options.log, exchange as DirectExchange, 'reader');
  }

  arrived(exchange: RunningExchange): void {
    const { gate } = this.#options;
    if (gate === undefined) void exchange.run();
    else gate.arrived(exchange);
  }

  takeBack(exchange: RunningExchange): boolean {
    return this.#options.gate?.takeBack(exchange) ?? true;
  }

  run(exchange: RunningExchange): void | Promise<void> {
    let pending: ReturnType<Respond> = undefined;
    try {
      this.#options.observer.begin(exchange);
      pending = this.#options.respond(exchange);
    } catch (error) {
      this.#fail(exchange, error);
    }
    if (pending === undefined) {
      exchange.done();
      return undefined;
    }
    const succeed = (): void => exchange.done();
    const fail = (error: unknown): void => {
      this.#fail(exchange, error);
      exchange.done();
    };
    if (!('onSettled' in pending)) return pending.then(succeed, fail);
    // No gate waits in front of a kind that settles so.
    pending.onSettled(succeed, fail);
    return undefined;
  }

  unstored(exchange: RunningExchange, error: Error): void {
    this.#options.log.error(error.message);
    exchange.answer(SERVICE_UNAVAILABLE);
    exchange.abandon(error);
    exchange.done();
  }

  refused(exchange: RunningExchange, error: RequestError): void {
    const { remoteAddress: peer } = exchange;
    this.#options.log.warning(`Invalid request from ip=${peer}: ${error.message}`, {
      ...named(exchange.head).fields,
      peer,
      status: error.status,
    });
    exchange.answer(error.status, error.message);
    exchange.abandon(error);
    exchange.done();
  }

  timedOut(exchange: RunningExchange): void {
    this.#giveUp(exchange, exchange.waitedFor);
  }

  answered(exchange: RunningExchange): void {
    this.#options.observer.answered(exchange);
  }

  ended(exchange: RunningExchange): void {
    this.#options.observer.end(exchange);
  }

  #giveUp(exchange: RunningExchange, waitedFor: WaitedFor): void {
    this.meter?.requestTimedOut();
    logTimeout(this.#options.log, exchange, waitedFor);
    if (!exchange.answer(waitedFor === 'sender' ? REQUEST_TIMEOUT : GATEWAY_TIMEOUT)) {
      // Its client must notice that the response is not whole, and may be the one who does not go on.
      exchange.connection.destroy();
      return;
    }
    exchange.abandon(new Error('The request takes too long'));
    exchange.done();
  }

  #fail(exchange: RunningExchange, error: unknown): void {
    // The client has left, and the application was told so: nobody can be answered.
    const { text, fields } = named(exchange.head);
    if (exchange.gone) {
      this.#options.log.debug(`The client of ${text} has left: ${stackOf(error)}`, fields);
      return;
    }
    this.#options.log.error(`Error handling request ${text}\n${stackOf(error)}`, fields);
    exchange.answer(INTERNAL_SERVER_ERROR);
  }
}

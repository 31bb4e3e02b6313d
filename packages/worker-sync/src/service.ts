import type { ResponseHeadWriter } from '@gunicorn-ts/http';
import type { RequestInfo, RequestSummary, WorkerContext, WorkerFacade } from '@gunicorn-ts/interface';
import { accessRecord, statusOf } from './access-record.ts';
import { HungRequestError, stackOf } from './errors.ts';
import { type Client, Exchange } from './exchange.ts';
import type { HungAnswer } from './hung-answer.ts';
import type { Arriving } from './parking-lot.ts';
import { DescriptorOutbox } from './outbox.ts';
import type { Connection } from './connection.ts';
import type { Respond } from './respond.ts';
import type { Watch } from './watch.ts';

const TARGET_LIMIT = 200;
const INTERNAL_SERVER_ERROR = 500;
const GATEWAY_TIMEOUT = 504;

export interface ServiceOptions {
  readonly context: WorkerContext;
  readonly respond: Respond;
  readonly writer: ResponseHeadWriter;
  readonly hung: HungAnswer;
  readonly watch: Watch;
}

/** What happens to a complete request: the application answers it, and its connection is ended. One at a time. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #facade: WorkerFacade;
  readonly #observed: boolean;
  readonly #timeoutMs: number;
  #current: Served | undefined;
  /** The last reading of the clock: where one request ended, the next begins. */
  #now = 0;

  constructor(options: ServiceOptions) {
    this.#options = options;
    const { context } = options;
    const { settings, log, hooks } = context;
    this.#facade = context.facade ?? {
      pid: process.pid,
      ppid: process.ppid,
      age: 0,
      generation: 0,
      settings,
      log,
    };
    this.#observed = context.accessLog || hooks.postRequest !== undefined;
    this.#timeoutMs = settings.timeout * 1000;
  }

  /** When the last request ended, or somebody last looked at the clock. */
  get now(): number {
    return this.#now;
  }

  lookAtClock(): number {
    this.#now = performance.now();
    return this.#now;
  }

  summaries(): RequestSummary[] {
    const current = this.#current?.exchange;
    if (current === undefined) return [];
    const { method, target } = current.head;
    const ageMs = Math.round(performance.now() - current.startedAt);
    return [{ method, target: target.slice(0, TARGET_LIMIT), ageMs, peer: current.client.host }];
  }

  /** Returns a promise only when the application makes it wait; it does not reject. */
  serve({ connection, incoming }: Arriving): void | Promise<void> {
    const { context, watch, writer, hung, respond } = this.#options;
    const outbox = new DescriptorOutbox(connection.fd, watch, this.#timeoutMs);
    const exchange = new Exchange(
      {
        head: incoming.head!,
        body: incoming.takeBody(),
        client: clientOf(connection, incoming.proxy?.source),
        outbox,
        startedAt: this.#now,
      },
      writer,
      hung,
    );
    const served: Served = { exchange, connection, hasRest: incoming.hasRest };
    this.#current = served;
    hung.offer(connection.fd);
    let pending: void | Promise<void> = undefined;
    try {
      if (context.hooks.preRequest !== undefined) context.hooks.preRequest(this.#facade, infoOf(exchange));
      pending = respond(exchange);
    } catch (error) {
      this.#fail(exchange, error);
    }
    if (pending === undefined) return this.#finish(served);
    return pending.catch((error: unknown) => this.#fail(exchange, error)).then(() => this.#finish(served));
  }

  /** Gives up the request that is being waited for. What the application still says goes nowhere. */
  giveUp(): HungRequestError | undefined {
    const served = this.#current;
    if (served === undefined) return undefined;
    const { exchange } = served;
    const { method, target } = exchange.head;
    if (!exchange.answer(GATEWAY_TIMEOUT)) exchange.outbox.gone = true;
    this.#finish(served);
    return new HungRequestError(method, target, this.#timeoutMs / 1000);
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { method, target } = exchange.head;
    this.#options.context.log.error(`Error handling request ${method} ${target}\n${stackOf(error)}`, {
      method,
      target,
    });
    exchange.answer(INTERNAL_SERVER_ERROR);
  }

  #finish(served: Served): void {
    const { exchange } = served;
    if (this.#current !== served) return;
    this.#current = undefined;
    exchange.outbox.seal();
    if (exchange.body.length > 0) exchange.body.close();
    this.#endConnection(served);
    const { context } = this.#options;
    const now = this.lookAtClock();
    if (!this.#observed) context.requestFinished();
    else this.#report(exchange, now - exchange.startedAt);
  }

  #endConnection({ exchange, connection, hasRest }: Served): void {
    const { watch } = this.#options;
    const { outbox } = exchange;
    if (exchange.answeredByWatchdog) connection.closeLater(watch);
    else if (!outbox.empty) void outbox.drained().then(() => connection.close());
    else if (hasRest && !outbox.gone) connection.linger(watch);
    else connection.close();
  }

  #report(exchange: Exchange, durationMs: number): void {
    const { context } = this.#options;
    const { postRequest } = context.hooks;
    if (postRequest !== undefined) {
      try {
        const info = { status: statusOf(exchange), bytes: exchange.bytes };
        postRequest(this.#facade, infoOf(exchange), info);
      } catch (error) {
        context.log.error(`The hook postRequest threw: ${stackOf(error)}`);
      }
    }
    context.requestFinished(
      context.accessLog ? accessRecord(exchange, durationMs, exchange.environ) : undefined,
    );
  }
}

interface Served {
  readonly exchange: Exchange;
  readonly connection: Connection;
  readonly hasRest: boolean;
}

function clientOf(connection: Connection, source: { address: string; port: number } | undefined): Client {
  const { address } = connection.listener;
  const { peer } = connection;
  return {
    host: source?.address ?? peer.host,
    port: source?.port ?? peer.port,
    local: address.kind === 'tcp' ? address : undefined,
  };
}

function infoOf({ head, client }: Exchange): RequestInfo {
  return { method: head.method, target: head.target, remoteAddress: client.host };
}

import type { ResponseHeadWriter } from '@gunicorn-ts/http';
import type {
  AccessRecord,
  RequestInfo,
  RequestSummary,
  WorkerContext,
  WorkerFacade,
} from '@gunicorn-ts/interface';
import { accessRecord, statusOf } from './access-record.ts';
import { faultOfConnection, stackOf } from './errors.ts';
import { type Client, Exchange } from './exchange.ts';
import type { Clock } from './clock.ts';
import type { HungAnswer } from './hung-answer.ts';
import type { Arriving } from './parking-lot.ts';
import { DescriptorOutbox } from './outbox.ts';
import type { Connection } from './connection.ts';
import { type GivenUp, logTimeout, type Service, summary } from './service.ts';
import type { Respond } from './respond.ts';
import type { Watch } from './watch.ts';

const INTERNAL_SERVER_ERROR = 500;
const SERVICE_UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;
const LEAVES = 'The worker leaves';

export interface DirectServiceOptions {
  readonly context: WorkerContext;
  readonly respond: Respond;
  readonly writer: ResponseHeadWriter;
  readonly hung: HungAnswer;
  readonly watch: Watch;
  readonly clock: Clock;
}

/** Serves kinds that need no Node socket: bytes go from and to the descriptor. */
export class DirectService implements Service {
  readonly #options: DirectServiceOptions;
  readonly #facade: WorkerFacade;
  readonly #observed: boolean;
  readonly #timeoutMs: number;
  #current: Served | undefined;
  /** Whose response is complete and still on its way. */
  readonly #leaving = new Set<Served>();
  #onLeft: (() => void) | undefined;

  constructor(options: DirectServiceOptions) {
    this.#options = options;
    const { context } = options;
    const { settings, hooks } = context;
    this.#facade = context.facade;
    this.#observed = context.accessLog || hooks.postRequest !== undefined;
    this.#timeoutMs = settings.timeout * 1000;
  }

  inFlight(): readonly RequestSummary[] {
    const current = this.#current?.exchange;
    if (current === undefined) return [];
    return [summary(current.head, current.client.host, current.startedAt)];
  }

  serve(arriving: Arriving): void | Promise<void> {
    try {
      return this.#serve(arriving);
    } catch (error) {
      this.#current = undefined;
      this.#options.context.log.error(faultOfConnection(error));
      arriving.connection.close();
    }
  }

  #serve({ connection, incoming }: Arriving): void | Promise<void> {
    const { context, watch, writer, hung, respond, clock } = this.#options;
    const outbox = new DescriptorOutbox(connection.fd, watch, this.#timeoutMs);
    const exchange = new Exchange(
      {
        head: incoming.head!,
        body: incoming.takeBody(),
        client: clientOf(connection, incoming.proxy?.source ?? connection.front?.source),
        outbox,
        startedAt: clock.now,
      },
      writer,
      hung,
    );
    const served: Served = { exchange, connection, hasRest: incoming.hasRest };
    this.#current = served;
    hung.offer(connection.fd, exchange.head, exchange.client.host);
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

  giveUp(): GivenUp | undefined {
    const served = this.#current;
    const [request] = this.inFlight();
    if (served === undefined || request === undefined) return undefined;
    const { exchange } = served;
    // Who writes waits for the outbox, and does nothing else meanwhile.
    const waitedFor = exchange.outbox.empty ? 'application' : 'reader';
    exchange.answer(GATEWAY_TIMEOUT);
    exchange.abandon(new Error('The request takes too long'), GATEWAY_TIMEOUT);
    this.#finish(served);
    return { request, waitedFor };
  }

  cut(): void {
    for (const { exchange } of this.#leaving) exchange.abandon(new Error(LEAVES), SERVICE_UNAVAILABLE);
    const served = this.#current;
    if (served === undefined) return;
    served.exchange.abandon(new Error(LEAVES), SERVICE_UNAVAILABLE);
    this.#finish(served);
  }

  cutOff(status: number): readonly AccessRecord[] {
    const cut = [...this.#leaving, ...(this.#current === undefined ? [] : [this.#current])];
    return cut.map(({ exchange }) => {
      exchange.abandon(new Error(LEAVES), status);
      return accessRecord(exchange, performance.now() - exchange.startedAt);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#leaving.size === 0) resolve();
      else this.#onLeft = resolve;
    });
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
    const { outbox, body } = exchange;
    const isOut = outbox.empty;
    try {
      outbox.seal();
      if (isOut) this.#endConnection(served);
      else void this.#leave(served);
      if (body.length > 0) body.close();
    } catch (error) {
      this.#options.context.log.error(faultOfConnection(error));
      outbox.abandon();
      served.connection.close();
    }
    const now = this.#options.clock.look();
    if (isOut) this.#report(exchange, now - exchange.startedAt);
  }

  #endConnection({ exchange, connection, hasRest }: Served): void {
    const { watch } = this.#options;
    const { outbox } = exchange;
    if (exchange.answeredByWatchdog) connection.closeLater(watch);
    else if (hasRest && (!outbox.gone || exchange.answeredHere)) connection.linger(watch);
    else if (outbox.held) connection.finish();
    else connection.close();
  }

  /** The client reads slowly. Only when it has read, or was given up, is it known how much was sent. */
  async #leave(served: Served): Promise<void> {
    const { exchange, connection } = served;
    this.#leaving.add(served);
    await exchange.outbox.drained();
    connection.close();
    this.#report(exchange, performance.now() - exchange.startedAt);
    this.#leaving.delete(served);
    if (this.#leaving.size === 0) this.#onLeft?.();
  }

  #report(exchange: Exchange, durationMs: number): void {
    const { context } = this.#options;
    if (exchange.outbox.expired) {
      const request = summary(exchange.head, exchange.client.host, exchange.startedAt);
      logTimeout(context.log, { request, waitedFor: 'reader' });
    }
    if (!this.#observed) {
      context.requestFinished();
      return;
    }
    const { postRequest } = context.hooks;
    if (postRequest !== undefined) {
      try {
        const info = { status: statusOf(exchange), bytes: exchange.bytes };
        postRequest(this.#facade, infoOf(exchange), info);
      } catch (error) {
        context.log.error(`The hook postRequest threw: ${stackOf(error)}`);
      }
    }
    // The watchdog has written the line of what it answered.
    const isOurs = context.accessLog && !exchange.answeredByWatchdog;
    context.requestFinished(isOurs ? accessRecord(exchange, durationMs) : undefined);
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

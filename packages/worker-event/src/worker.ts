import type { Socket } from 'node:net';
import { HttpRules } from '@gunicorn-ts/http';
import { DescriptorRoom } from '@gunicorn-ts/posix';
import type { AccessRecord, RequestSummary, Worker, WorkerContext } from '@gunicorn-ts/interface';
import { accessRecord } from './access-record.ts';
import { Acceptor } from './acceptor.ts';
import { Admission } from './admission.ts';
import { serveApplication } from './application-kind.ts';
import { delegateEvents } from './application-server.ts';
import { Connections } from './connections.ts';
import { drain, type DrainedServer } from './drain.ts';
import { failResponse } from './failure.ts';
import { createHttpServer } from './http-server.ts';
import { InFlight } from './in-flight.ts';
import type { Fail } from './kinds/node.ts';
import { nameByIpv4, ProxiedClients } from '@gunicorn-ts/transport';
import { markCut } from './past-answer.ts';
import { Refusals } from './refusals.ts';
import { createObserver, type Environs } from './request-observer.ts';
import { RequestPath, type RequestPathOptions } from './request-path.ts';
import { RequestTimeout } from './request-timeout.ts';
import { Shortage } from './shortage.ts';
import { UpgradedSockets } from './upgraded-sockets.ts';

/** The running event worker, in the worker process. */
export class EventWorker implements Worker {
  readonly #server: DrainedServer;

  private constructor(server: DrainedServer) {
    this.#server = server;
  }

  /**
   * Resolves when connections are being taken on every listener.
   * @throws {OperatorError} when a listener or the TLS material cannot be used
   */
  static async start(context: WorkerContext): Promise<EventWorker> {
    const rules = new HttpRules(context.settings);
    const inFlight = new InFlight();
    const refusals = new Refusals(context, inFlight);
    const clients = proxiedClients(context, rules, refusals);
    const admission = new Admission(rules, context.tls !== undefined, clients);
    const requests = await createRequestPath(context, { inFlight, refusals, admission });
    const server = createHttpServer(context, rules, requests.listener);
    const upgraded = new UpgradedSockets(context);
    const { application, log } = context;
    delegateEvents({ application, server, requests, upgraded, refusals, admission, log });
    const acceptors: Acceptor[] = [];
    const connections = new Connections({
      limit: context.settings.workerConnections,
      onFull: () => acceptors.forEach((acceptor) => acceptor.pause('full')),
      onRoom: () => acceptors.forEach((acceptor) => acceptor.resume('full')),
    });
    const shortage = new Shortage({
      room: new DescriptorRoom(),
      log,
      onShort: () => acceptors.forEach((acceptor) => acceptor.pause('short')),
      onRoom: () => acceptors.forEach((acceptor) => acceptor.resume('short')),
    });
    server.on('secureConnection', (socket) => {
      connections.addSecured(socket);
      nameByIpv4(socket);
      clients?.addSecured(socket);
    });
    acceptors.push(...createAcceptors(context, (socket) => take(socket)));
    const serve = (socket: Socket): void => void server.emit('connection', socket);
    const take = (socket: Socket): void => {
      connections.add(socket);
      shortage.look(socket);
      if (clients === undefined) serve(socket);
      else clients.receive(socket, () => serve(socket));
    };
    await Promise.all(acceptors.map((acceptor) => acceptor.listen()));
    // The kernel lets one more in than it was asked to (somaxconn may make it fewer).
    const queueLength = (context.settings.backlog + 1) * acceptors.length;
    return new EventWorker({ acceptors, connections, inFlight, queueLength, requests, server, upgraded });
  }

  stopTaking(): void {
    for (const acceptor of this.#server.acceptors) acceptor.stop();
  }

  drain(deadlineMs: number): Promise<void> {
    return drain(this.#server, deadlineMs);
  }

  cutOff(status: number): readonly AccessRecord[] {
    const { inFlight, upgraded } = this.#server;
    const now = performance.now();
    const records = Array.from(inFlight.entries(), ([response, startedAt]) => {
      markCut(response, status);
      return accessRecord(response, now - startedAt);
    });
    upgraded.markCut(status);
    return [...records, ...upgraded.records()];
  }

  inFlight(): readonly RequestSummary[] {
    return this.#server.inFlight.summaries();
  }
}

type Gate = Pick<RequestPathOptions, 'inFlight' | 'refusals' | 'admission'>;

async function createRequestPath(context: WorkerContext, gate: Gate): Promise<RequestPath> {
  const { application, settings, log } = context;
  const { inFlight, refusals } = gate;
  const fail: Fail = (response, thrown) => failResponse(log, response, thrown);
  const environs: Environs = new WeakMap();
  return new RequestPath({
    ...gate,
    fail,
    bodyLimit: settings.limitRequestBody,
    serve: await serveApplication(context, { fail, refusals, environs }),
    continues: application.kind === 'wsgi' && application.input === 'stream',
    closing: settings.keepalive === 0,
    server: settings.serverHeader,
    timeout:
      settings.requestTimeout > 0
        ? new RequestTimeout(settings.requestTimeout * 1000, inFlight, log)
        : undefined,
    observer: createObserver(context, environs),
    requestFinished: () => context.requestFinished(),
  });
}

function proxiedClients(
  { settings }: WorkerContext,
  rules: HttpRules,
  refusals: Refusals,
): ProxiedClients | undefined {
  if (settings.proxyProtocol === 'off') return undefined;
  return new ProxiedClients({
    rules,
    timeoutMs: settings.headersTimeout * 1000,
    refuse: (socket, error) => refusals.refuseSocket(socket, error),
    expire: (socket) => refusals.expire(socket),
  });
}

function createAcceptors(context: WorkerContext, onConnection: (socket: Socket) => void): Acceptor[] {
  return context.listeners.map(
    (listener) =>
      new Acceptor({
        listener,
        backlog: context.settings.backlog,
        allowHalfOpen: context.tls === undefined,
        log: context.log,
        onConnection,
      }),
  );
}

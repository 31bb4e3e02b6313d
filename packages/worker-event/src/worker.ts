import type { RequestSummary, Worker, WorkerContext } from '@gunicorn-ts/interface';
import { Acceptor } from './acceptor.ts';
import { serveApplication } from './application-kind.ts';
import { delegateEvents } from './application-server.ts';
import { ClientErrors } from './client-error.ts';
import { Connections } from './connections.ts';
import { drain, type DrainedServer } from './drain.ts';
import { failResponse } from './failure.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { InFlight } from './in-flight.ts';
import type { Fail } from './kinds/node.ts';
import { createObserver, type Environs } from './request-observer.ts';
import { RequestPath } from './request-path.ts';
import { RequestTimeout } from './request-timeout.ts';
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
    const inFlight = new InFlight();
    const requests = await createRequestPath(context, inFlight);
    const server = createHttpServer(context, requests.listener);
    const upgraded = new UpgradedSockets(context);
    const refusals = new ClientErrors(context.log, inFlight);
    delegateEvents({
      application: context.application,
      server,
      requests,
      upgraded,
      refusals,
      log: context.log,
    });
    const acceptors: Acceptor[] = [];
    const connections = new Connections({
      limit: context.settings.workerConnections,
      onFull: () => acceptors.forEach((acceptor) => acceptor.pause()),
      onRoom: () => acceptors.forEach((acceptor) => acceptor.resume()),
    });
    server.on('secureConnection', (socket) => connections.addSecured(socket));
    acceptors.push(...createAcceptors(context, server, connections));
    await Promise.all(acceptors.map((acceptor) => acceptor.listen()));
    // The kernel lets one more in than it was asked to (somaxconn may make it fewer).
    const queueLength = (context.settings.backlog + 1) * acceptors.length;
    return new EventWorker({ acceptors, connections, inFlight, queueLength, requests, server, upgraded });
  }

  drain(deadlineMs: number): Promise<void> {
    return drain(this.#server, deadlineMs);
  }

  inFlight(): readonly RequestSummary[] {
    return this.#server.inFlight.summaries();
  }
}

async function createRequestPath(context: WorkerContext, inFlight: InFlight): Promise<RequestPath> {
  const { settings, log } = context;
  const fail: Fail = (response, thrown) => failResponse(log, response, thrown);
  const environs: Environs = new WeakMap();
  return new RequestPath({
    inFlight,
    fail,
    serve: await serveApplication(context, fail, environs),
    closing: settings.keepalive === 0,
    timeout:
      settings.requestTimeout > 0
        ? new RequestTimeout(settings.requestTimeout * 1000, inFlight, log)
        : undefined,
    observer: createObserver(context, environs),
    requestFinished: () => context.requestFinished(),
  });
}

function createAcceptors(context: WorkerContext, server: HttpServer, connections: Connections): Acceptor[] {
  return context.listeners.map(
    (listener) =>
      new Acceptor({
        listener,
        backlog: context.settings.backlog,
        allowHalfOpen: context.tls === undefined,
        log: context.log,
        onConnection(socket) {
          connections.add(socket);
          server.emit('connection', socket);
        },
      }),
  );
}

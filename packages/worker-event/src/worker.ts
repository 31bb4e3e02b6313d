import type { Worker, WorkerContext } from '@gunicorn-ts/interface';
import { Acceptor } from './acceptor.ts';
import { delegateEvents } from './application-server.ts';
import { Connections } from './connections.ts';
import { drain, type DrainedServer } from './drain.ts';
import { failResponse } from './failure.ts';
import { createHttpServer } from './http-server.ts';
import { InFlight } from './in-flight.ts';
import { serveFetch } from './kinds/fetch.ts';
import { type Fail, serveNode, type Serve } from './kinds/node.ts';
import { RequestPath } from './request-path.ts';
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
    const { application, settings, log } = context;
    const inFlight = new InFlight();
    const upgraded = new UpgradedSockets();
    const requests = new RequestPath(context, inFlight, serveKind(context));
    const server = createHttpServer(context, requests.listener);
    const acceptors: Acceptor[] = [];
    const connections = new Connections({
      limit: settings.workerConnections,
      onFull: () => acceptors.forEach((acceptor) => acceptor.pause()),
      onRoom: () => acceptors.forEach((acceptor) => acceptor.resume()),
    });
    server.on('secureConnection', (socket) => connections.addSecured(socket));
    if (application.kind === 'node' && application.server !== undefined) {
      delegateEvents({ application: application.server, server, requests, upgraded, log });
    }
    for (const listener of context.listeners) {
      const acceptor = new Acceptor({
        listener,
        backlog: settings.backlog,
        allowHalfOpen: context.tls === undefined,
        log,
        onConnection(socket) {
          connections.add(socket);
          server.emit('connection', socket);
        },
      });
      acceptors.push(acceptor);
    }
    await Promise.all(acceptors.map((acceptor) => acceptor.listen()));
    return new EventWorker({ acceptors, connections, inFlight, requests, server, upgraded });
  }

  drain(deadlineMs: number): Promise<void> {
    return drain(this.#server, deadlineMs);
  }

  inFlight(): ReturnType<Worker['inFlight']> {
    return this.#server.inFlight.summaries();
  }
}

function serveKind({ application, log }: WorkerContext): Serve {
  const fail: Fail = (response, thrown) => failResponse(log, response, thrown);
  switch (application.kind) {
    case 'node':
      return serveNode(application.handler, fail);
    case 'fetch':
      return serveFetch(application.handler, fail);
    case 'wsgi':
      throw new Error('not yet');
  }
}

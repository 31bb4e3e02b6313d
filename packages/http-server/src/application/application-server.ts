import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpRules, type HttpPolicy } from '@gunicorn-ts/http';
import type { Listener, RequestSummary, WorkerContext } from '@gunicorn-ts/interface';
import type { AcceptedConnection } from '@gunicorn-ts/posix';
import { DEFAULT_LIMITS, type Limits } from '../connection/limits.ts';
import { Engine, type TransportChoice } from '../engine.ts';
import type { ConnectionSource } from '../listen/connection-source.ts';
import { StreamAcceptor } from '../listen/stream-acceptor.ts';
import type { StreamEnds } from '../transport/stream.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { drainConnections } from './drain.ts';
import { serviceOf } from './kind-service.ts';
import { summaryOf } from './summary.ts';
import type { UpgradedSockets } from './upgraded-sockets.ts';

export interface ApplicationServerOptions {
  readonly context: WorkerContext;
  /** Those that differ from what the settings say. */
  readonly limits?: Partial<Limits>;
  /** Whether one request at a time is served. */
  readonly isAlone?: boolean;
  /** Whether a client that has ended its side still gets the answer that it waits for. */
  readonly allowHalfOpen?: boolean;
  /** Rules that differ from what the settings say. */
  readonly policy?: Partial<HttpPolicy>;
  /** How the bytes of connections come and go. Default: `auto`. */
  readonly transport?: TransportChoice;
  /**
   * Takes connections, as sockets of Node's, to put something in front of HTTP: TLS. What comes out of it is given to
   * {@link ApplicationServer.serveStream}.
   */
  onSocket?(socket: Socket, listener: Listener): void;
}

/** Serves the application of a worker: what a worker class adds is policy. */
export class ApplicationServer {
  readonly engine: Engine;
  readonly #options: ApplicationServerOptions;
  readonly #limit: ConnectionLimit;
  readonly #upgraded: UpgradedSockets;
  readonly #acceptors: ConnectionSource[] = [];

  private constructor(
    options: ApplicationServerOptions,
    { service, upgraded }: Awaited<ReturnType<typeof serviceOf>>,
  ) {
    const { settings, application } = options.context;
    this.#options = options;
    this.#upgraded = upgraded;
    this.#limit = new ConnectionLimit({
      limit: settings.workerConnections,
      onFull: () => this.#acceptors.forEach((acceptor) => acceptor.pause()),
      onRoom: () => this.#acceptors.forEach((acceptor) => acceptor.resume()),
    });
    this.engine = new Engine({
      rules: new HttpRules({
        ...settings,
        anyExpectation: application.kind === 'node' && application.server !== undefined,
        ...options.policy,
      }),
      service,
      limits: { ...limitsOf(options.context), ...options.limits },
      allowHalfOpen: options.allowHalfOpen ?? false,
      onConnection: () => this.#limit.add(),
      onClosed: () => this.#limit.remove(),
    });
  }

  static async create(options: ApplicationServerOptions): Promise<ApplicationServer> {
    const { context, isAlone = false } = options;
    return new ApplicationServer(options, await serviceOf({ context, isAlone }));
  }

  /** Takes connections from all listeners of the worker. */
  listen(): void {
    for (const listener of this.#options.context.listeners) this.#acceptors.push(this.#sourceOf(listener));
  }

  /** Serves a stream of Node's, such as a TLS socket. */
  serveStream(stream: Duplex, ends?: StreamEnds): void {
    this.engine.serveStream(stream, ends);
  }

  /** Takes no connection any more, not even those that wait in the kernel's queue. */
  stopTaking(): void {
    for (const acceptor of this.#acceptors) acceptor.stop();
  }

  /**
   * Finishes what is in flight and loses nothing: empties the accept queue, stops accepting, answers with
   * `Connection: close`, and ends connections that stay unused. Those left at the deadline are cut.
   */
  async drain(deadlineMs: number): Promise<void> {
    const deadline = sleep(deadlineMs, undefined, { ref: false });
    this.engine.beginClosing();
    // A worker at its limit has left them there.
    this.#limit.lift();
    await Promise.race([this.#emptyQueues(), deadline]);
    this.stopTaking();
    this.#upgraded.sayGoodbye();
    await drainConnections(this.engine, deadline);
  }

  inFlight(): readonly RequestSummary[] {
    const summaries: RequestSummary[] = [];
    for (const connection of this.engine.connections) {
      if (connection.exchange !== undefined) summaries.push(summaryOf(connection));
    }
    return summaries;
  }

  #sourceOf(listener: Listener): ConnectionSource {
    const { context, transport = 'auto', onSocket } = this.#options;
    const { fd, address, url } = listener;
    const onRefusal = (error: Error): void =>
      context.log.error(`Cannot take connections from ${url}: ${error.message}`);
    const local = address.kind === 'tcp' ? address : undefined;
    const serve = (socket: Socket): void => {
      if (onSocket === undefined) this.engine.serveStream(socket);
      else onSocket(socket, listener);
    };
    if (!Engine.canWatch()) {
      return new StreamAcceptor({ fd, backlog: context.settings.backlog, onRefusal, onSocket: serve });
    }
    if (transport !== 'stream' && onSocket === undefined) return this.engine.listen({ fd, local, onRefusal });
    const accept = (accepted: AcceptedConnection): void =>
      serve(new Socket({ fd: accepted.fd, readable: true, writable: true, allowHalfOpen: true }));
    return this.engine.listen({ fd, local, onRefusal, accept });
  }

  /** What the kernel has completed would be reset if this worker is the last to close the listener. */
  async #emptyQueues(): Promise<void> {
    // The kernel lets one more in than it was asked to (somaxconn may make it fewer).
    let left = (this.#options.context.settings.backlog + 1) * this.#acceptors.length;
    for (let taken = 1; taken > 0 && left > 0; left -= taken) {
      taken = this.#acceptors.reduce((sum, acceptor) => sum + acceptor.take(), 0);
      await nextTurn();
    }
  }
}

function limitsOf({ settings }: WorkerContext): Limits {
  const { headersTimeout, requestTimeout, keepalive } = settings;
  return {
    ...DEFAULT_LIMITS,
    headMs: headersTimeout * 1000,
    answerMs: requestTimeout * 1000,
    keepAliveMs: keepalive * 1000,
  };
}

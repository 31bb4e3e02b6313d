import { closeSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpRules, type HttpPolicy, type RequestError } from '@gunicorn-ts/http';
import type { AccessRecord, Listener, RequestSummary, WorkerContext } from '@gunicorn-ts/interface';
import type { AcceptedConnection } from '@gunicorn-ts/posix';
import { canBeMapped, nameByIpv4 } from '@gunicorn-ts/transport';
import { DEFAULT_LIMITS, type Limits } from '../connection/limits.ts';
import { Engine, type TransportChoice } from '../engine.ts';
import type { ConnectionSource } from '../listen/connection-source.ts';
import { PausableSources } from '../listen/pausable-sources.ts';
import { StreamAcceptor } from '../listen/stream-acceptor.ts';
import type { StreamEnds } from '../transport/stream.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { cutOff } from './cut-off.ts';
import { drainConnections } from './drain.ts';
import { http2Options, protocolPolicy } from './http-versions.ts';
import { listenError } from '../errors.ts';
import { FrontedSockets } from './fronted-sockets.ts';
import { serviceOf } from './kind-service.ts';
import { Shortage } from './shortage.ts';
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
   * {@link ApplicationServer.serveStream}, with this socket.
   */
  onSocket?(socket: Socket, listener: Listener): void;
}

/** Turns of the event loop without a new connection after which the accept queue counts as empty. */
const QUIET_TURNS = 3;

/** Serves the application of a worker: what a worker class adds is policy. */
export class ApplicationServer {
  readonly engine: Engine;
  readonly #options: ApplicationServerOptions;
  readonly #limit: ConnectionLimit;
  readonly #upgraded: UpgradedSockets;
  readonly #leave: ((deadlineMs: number) => void) | undefined;
  readonly #fronted = new FrontedSockets();
  readonly #sources = new PausableSources();
  readonly #shortage: Shortage;
  #isStopped = false;

  private constructor(
    options: ApplicationServerOptions,
    { service, upgraded, leave }: Awaited<ReturnType<typeof serviceOf>>,
  ) {
    const { settings, application } = options.context;
    this.#options = options;
    this.#upgraded = upgraded;
    this.#leave = leave;
    this.#limit = new ConnectionLimit({
      log: options.context.log,
      limit: settings.workerConnections,
      onFull: () => this.#sources.pause('full'),
      onRoom: () => this.#sources.resume('full'),
    });
    this.#shortage = new Shortage({
      log: options.context.log,
      onShort: () => this.#sources.pause('short'),
      onRoom: () => this.#sources.resume('short'),
    });
    // A connection with something in front of it counts from the moment on that it was taken.
    const counts = options.onSocket === undefined;
    this.engine = new Engine({
      rules: new HttpRules({
        ...settings,
        anyExpectation: application.kind === 'node' && application.server !== undefined,
        ...protocolPolicy(options.context),
        ...options.policy,
      }),
      service,
      ...http2Options(settings),
      limits: { ...limitsOf(options.context), ...options.limits },
      allowHalfOpen: options.allowHalfOpen ?? false,
      onConnection: () => !counts || this.#limit.add(),
      onClosed: () => {
        if (counts) this.#limit.remove();
      },
    });
  }

  static async create(options: ApplicationServerOptions): Promise<ApplicationServer> {
    const { context, isAlone = false } = options;
    return new ApplicationServer(options, await serviceOf({ context, isAlone }));
  }

  /**
   * Takes connections from all listeners of the worker, which are closed when it stops.
   * @throws {OperatorError} `ERR_LISTEN`
   */
  listen(): void {
    for (const listener of this.#options.context.listeners) {
      try {
        this.#sources.add(this.#sourceOf(listener));
      } catch (error) {
        throw listenError(listener.url, error);
      }
    }
  }

  /**
   * Serves a stream of Node's, such as a TLS socket.
   * @param socket that `onSocket` was given, when the stream was made of one
   */
  serveStream(stream: Duplex, ends?: StreamEnds, socket?: Socket): void {
    if (socket !== undefined) this.#fronted.delete(socket);
    this.engine.serveStream(stream, ends);
  }

  /**
   * Answers on a socket that `onSocket` was given, on which what stands in front of HTTP has failed.
   * @param error what is wrong; without one it has not come in time
   */
  refuseSocket(socket: Socket, error?: RequestError): void {
    this.#fronted.delete(socket);
    this.engine.refuseStream(socket, error);
  }

  /** Takes no connection any more, not even those that wait in the kernel's queue. */
  stopTaking(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#shortage.stop();
    this.#sources.stop();
    for (const { fd } of this.#options.context.listeners) closeSync(fd);
  }

  /**
   * Finishes what is in flight and loses nothing: empties the accept queue, stops accepting, answers with
   * `Connection: close`, and ends connections that stay unused. Those left at the deadline are cut.
   */
  async drain(deadlineMs: number): Promise<void> {
    const deadline = sleep(deadlineMs, undefined, { ref: false });
    this.engine.beginClosing();
    this.#leave?.(deadlineMs);
    // A worker at its limit has left them there.
    this.#limit.lift();
    await Promise.race([this.#emptyQueues(), deadline]);
    this.stopTaking();
    this.#upgraded.sayGoodbye();
    await drainConnections(
      { engine: this.engine, fronted: this.#fronted, upgraded: this.#upgraded },
      deadline,
    );
  }

  /** See `Worker.cutOff`. */
  cutOff(status: number): readonly AccessRecord[] {
    const records = cutOff(this.engine, status);
    this.#upgraded.markCut(status);
    return [...records, ...this.#upgraded.records()];
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
    if (transport === 'stream' || !Engine.canWatch()) {
      const { backlog } = context.settings;
      const takeSocket = (socket: Socket): void => {
        const { _handle: handle } = socket as { _handle?: { readonly fd?: number } | null };
        this.#shortage.look(handle?.fd ?? -1);
        this.#serveSocket(socket, listener);
      };
      return new StreamAcceptor({
        fd,
        backlog,
        allowHalfOpen: true,
        onRefusal,
        onSocket: takeSocket,
      });
    }
    const local = address.kind === 'tcp' ? address : undefined;
    const accept = (accepted: AcceptedConnection): void => {
      this.#shortage.look(accepted.fd);
      if (onSocket === undefined) this.engine.serveDescriptor(accepted, local);
      else this.#serveSocket(socketOf(accepted), listener);
    };
    return this.engine.listen({ fd, local, onRefusal, accept });
  }

  #serveSocket(socket: Socket, listener: Listener): void {
    const { onSocket } = this.#options;
    if (canBeMapped(listener)) nameByIpv4(socket);
    if (onSocket === undefined) {
      this.engine.serveStream(socket);
      return;
    }
    this.#fronted.add(socket);
    socket.once('close', () => this.#limit.remove());
    this.#limit.add();
    onSocket(socket, listener);
  }

  /** What the kernel has completed would be reset if this worker is the last to close the listener. */
  async #emptyQueues(): Promise<void> {
    // The kernel lets one more in than it was asked to (somaxconn may make it fewer).
    let left = (this.#options.context.settings.backlog + 1) * this.#sources.count;
    for (let quiet = 0; quiet < QUIET_TURNS && left > 0;) {
      const taken = this.#sources.take();
      left -= taken;
      quiet = taken > 0 ? 0 : quiet + 1;
      await nextTurn();
    }
  }
}

/** One that is kept half-open: what its client asked before it ended its side is answered. */
function socketOf({ fd }: AcceptedConnection): Socket {
  return new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
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

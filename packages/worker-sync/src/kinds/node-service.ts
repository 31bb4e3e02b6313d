import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { errorResponse, type ResponseHeadWriter } from '@gunicorn-ts/http';
import type { Application, RequestSummary, WorkerContext, WorkerFacade } from '@gunicorn-ts/interface';
import type { Peer } from '@gunicorn-ts/posix';
import { canBeMapped, nameByIpv4 } from '@gunicorn-ts/transport';
import type { ConnectionFront } from '../connection.ts';
import type { Clock } from '../clock.ts';
import { stackOf } from '../errors.ts';
import type { HungAnswer } from '../hung-answer.ts';
import type { Arriving } from '../parking-lot.ts';
import { facadeOf, type Service, summary } from '../service.ts';
import { bodySize, measureBody } from './body-size.ts';
import { nodeRecord, nodeStatus } from './node-record.ts';
import { UpgradeRefusal } from './upgrade-refusal.ts';

export interface NodeServiceOptions {
  readonly context: WorkerContext;
  readonly application: Extract<Application, { kind: 'node' }>;
  readonly writer: ResponseHeadWriter;
  readonly hung: HungAnswer;
  readonly clock: Clock;
}

/** What is being served. */
interface Turn {
  readonly socket: Socket;
  readonly fd: number;
  readonly peer: string;
  readonly request: { readonly method: string; readonly target: string };
  readonly wantsUpgrade: boolean;
  readonly startedAt: number;
  response: ServerResponse | undefined;
  end(): void;
}

/**
 * Serves `(req, res)`: requests are read as all others are, and then handed with their connection to
 * `node:http`, which reads them again. One at a time, and one a connection.
 */
export class NodeService implements Service {
  readonly #options: NodeServiceOptions;
  readonly #server: Server;
  readonly #facade: WorkerFacade;
  readonly #observed: boolean;
  readonly #timeoutMs: number;
  readonly #upgrades: UpgradeRefusal;
  readonly #sockets = new Set<Socket>();
  #turn: Turn | undefined;
  #onClosed: (() => void) | undefined;

  constructor(options: NodeServiceOptions) {
    this.#options = options;
    const { hooks, accessLog, settings, log } = options.context;
    this.#upgrades = new UpgradeRefusal(options.application.server, log);
    this.#facade = facadeOf(options.context);
    this.#observed = accessLog || hooks.postRequest !== undefined;
    this.#timeoutMs = settings.timeout * 1000;
    // The body may be on its way as long as the application waits for it, which `timeout` limits.
    const run = (request: IncomingMessage, response: ServerResponse): void => this.#run(request, response);
    this.#server = createServer({ requestTimeout: 0, headersTimeout: 0 }, run);
    // The client was told to go on when its head had been read.
    this.#server.on('checkContinue', run);
  }

  inFlight(): readonly RequestSummary[] {
    const turn = this.#turn;
    return turn === undefined ? [] : [summary(turn.request, turn.peer, turn.startedAt)];
  }

  serve({ connection, incoming }: Arriving): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { fd, peer, front } = connection;
    const { method, target, wantsUpgrade, fields } = incoming.head!;
    const socket = new Socket({ fd, allowHalfOpen: true, readable: true, writable: true });
    if (front !== undefined) showFront(socket, front, peer);
    else if (canBeMapped(connection.listener)) nameByIpv4(socket);
    const turn: Turn = {
      socket,
      fd,
      peer: incoming.proxy?.source?.address ?? front?.source?.address ?? peer.host,
      request: { method, target },
      wantsUpgrade: wantsUpgrade && fields.get('upgrade') !== undefined,
      startedAt: this.#options.clock.now,
      response: undefined,
      end: () => {
        if (this.#turn === turn) {
          this.#turn = undefined;
          // A response that never began leaves the descriptor there, which soon is somebody else's.
          if (!turn.response?.headersSent) this.#options.hung.takeBack();
        }
        // Node's part of the work, the farewell to the client, is done when the event loop turns.
        setImmediate(resolve);
      },
    };
    this.#turn = turn;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      turn.end();
      if (this.#sockets.size === 0) this.#onClosed?.();
    });
    socket.unshift(incoming.takeRecord());
    this.#server.emit('connection', socket);
    return promise;
  }

  giveUp(): RequestSummary | undefined {
    const turn = this.#turn;
    const [given] = this.inFlight();
    if (turn === undefined) return undefined;
    const { socket, response, request } = turn;
    const { method } = request;
    if (response?.headersSent === false) {
      response.statusCode = 504;
      socket.end(errorResponse(this.#options.writer, { status: 504, method }), 'latin1');
      socket.destroySoon();
    } else {
      socket.destroy();
    }
    turn.end();
    return given;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#sockets.size === 0) resolve();
      else this.#onClosed = resolve;
    });
  }

  #run(request: IncomingMessage, response: ServerResponse): void {
    const turn = this.#turn;
    // A further request on the connection was not asked for: the first response says that it is the last.
    if (turn === undefined || turn.socket !== request.socket || turn.response !== undefined) return;
    turn.response = response;
    response.shouldKeepAlive = false;
    this.#offerToWatchdog(turn, response);
    response.once('prefinish', () => this.#letGo(turn));
    response.once('close', () => this.#report(turn, response));
    if (this.#observed) measureBody(response);
    if (this.#upgrades.refuse(turn.wantsUpgrade, response)) return;
    try {
      const { preRequest } = this.#options.context.hooks;
      preRequest?.(this.#facade, { ...turn.request, remoteAddress: turn.peer, raw: request });
      const result = this.#options.application.handler(request, response);
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.#fail(turn, response, error));
    } catch (error) {
      this.#fail(turn, response, error);
    }
  }

  /** The application is done. A client that reads slowly is Node's business from now on, but not for ever. */
  #letGo(turn: Turn): void {
    if (this.#timeoutMs > 0) turn.socket.setTimeout(this.#timeoutMs, () => turn.socket.destroy());
    turn.end();
  }

  /** While the head is not out the watchdog may answer for a thread that hangs. */
  #offerToWatchdog({ socket, fd }: Turn, response: ServerResponse): void {
    const { hung } = this.#options;
    hung.offer(fd);
    const { writeHead } = response;
    const guarded = function guardedWriteHead(this: ServerResponse, ...parameters: unknown[]): unknown {
      // Then the client has its answer.
      if (!hung.takeBack()) socket.destroySoon();
      return Reflect.apply(writeHead, this, parameters);
    };
    Object.defineProperty(response, 'writeHead', { value: guarded, configurable: true, writable: true });
  }

  #fail(turn: Turn, response: ServerResponse, error: unknown): void {
    const { method, target } = turn.request;
    this.#options.context.log.error(`Error handling request ${method} ${target}\n${stackOf(error)}`, {
      method,
      target,
    });
    if (response.headersSent) {
      if (!response.writableEnded) response.destroy();
      return;
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    const body = 'Internal Server Error';
    response.writeHead(500, { 'Content-Type': 'text/plain', 'Content-Length': body.length }).end(body);
  }

  #report(turn: Turn, response: ServerResponse): void {
    turn.end();
    const { context } = this.#options;
    const { postRequest } = context.hooks;
    if (postRequest !== undefined) {
      const request = { ...turn.request, remoteAddress: turn.peer, raw: response.req };
      try {
        const info = { status: nodeStatus(response), bytes: bodySize(response), raw: response };
        postRequest(this.#facade, request, info);
      } catch (error) {
        context.log.error(`The hook postRequest threw: ${stackOf(error)}`);
      }
    }
    const durationMs = performance.now() - turn.startedAt;
    context.requestFinished(context.accessLog ? nodeRecord(response, turn.peer, durationMs) : undefined);
  }
}

/** What applications ask of a TLS socket is answered by the one in front. */
function showFront(socket: Socket, { secured, source }: ConnectionFront, peer: Peer): void {
  const { address: remoteAddress, port: remotePort } = source ?? { address: peer.host, port: peer.port };
  Object.assign(socket, {
    encrypted: true,
    authorized: secured.authorized,
    authorizationError: secured.authorizationError,
    alpnProtocol: secured.alpnProtocol,
    servername: secured.servername,
    getCipher: () => secured.getCipher(),
    getPeerCertificate: (detailed?: boolean) => secured.getPeerCertificate(detailed),
    getPeerX509Certificate: () => secured.getPeerX509Certificate(),
    getProtocol: () => secured.getProtocol(),
  });
  for (const [name, value] of Object.entries({ remoteAddress, remotePort })) {
    Object.defineProperty(socket, name, { value, configurable: true, enumerable: true });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { canBeMapped, countSent, nameByIpv4 } from '@gunicorn-ts/transport';
import { errorResponse, type RequestHead, type ResponseHeadWriter } from '@gunicorn-ts/http';
import type { Application, RequestSummary, WorkerContext, WorkerFacade } from '@gunicorn-ts/interface';
import type { Peer } from '@gunicorn-ts/posix';
import type { Connection, ConnectionFront } from '../connection.ts';
import type { Clock } from '../clock.ts';
import { faultOfConnection, stackOf } from '../errors.ts';
import type { HungAnswer } from '../hung-answer.ts';
import type { Arriving } from '../parking-lot.ts';
import { type GivenUp, logTimeout, type Service, summary } from '../service.ts';
import { refusedRecord } from '../access-record.ts';
import { measureBody } from './body-size.ts';
import { nodeBytes, type NodeEnd, nodeRecord, nodeStatus } from './node-record.ts';
import { UpgradeRefusal } from './upgrade-refusal.ts';

const BAD_REQUEST = 400;
const REQUEST_TIMEOUT = 408;
const SERVICE_UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;

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
  readonly request: RequestHead;
  readonly wantsUpgrade: boolean;
  readonly startedAt: number;
  response: ServerResponse | undefined;
  /** Status of an answer that was written past the response. */
  answered: number | undefined;
  /** What it counts as when the worker broke it off before anything was sent. */
  cutAs: number | undefined;
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
    this.#facade = options.context.facade;
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
    const request = incoming.head!;
    const socket = this.#socketOf(connection);
    if (socket === undefined) return Promise.resolve();
    if (front !== undefined) showFront(socket, front, peer);
    else if (canBeMapped(connection.listener)) nameByIpv4(socket);
    const turn: Turn = {
      socket,
      fd,
      peer: incoming.proxy?.source?.address ?? front?.source?.address ?? peer.host,
      request,
      wantsUpgrade: request.wantsUpgrade && request.fields.get('upgrade') !== undefined,
      startedAt: this.#options.clock.now,
      response: undefined,
      answered: undefined,
      cutAs: undefined,
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
      if (turn.response === undefined) this.#reportUnanswered(turn);
      if (this.#sockets.size === 0) this.#onClosed?.();
    });
    socket.on('error', () => {});
    try {
      socket.unshift(incoming.takeRecord());
      this.#server.emit('connection', socket);
    } catch (error) {
      this.#options.context.log.error(faultOfConnection(error));
      socket.destroy();
    }
    return promise;
  }

  giveUp(): GivenUp | undefined {
    const turn = this.#turn;
    const [request] = this.inFlight();
    if (turn === undefined || request === undefined) return undefined;
    const waitedFor = whoIsWaitedFor(turn);
    this.#breakOff(turn, waitedFor === 'sender' ? REQUEST_TIMEOUT : GATEWAY_TIMEOUT);
    turn.end();
    return { request, waitedFor };
  }

  cut(): void {
    if (this.#turn !== undefined) this.#turn.cutAs = SERVICE_UNAVAILABLE;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#sockets.size === 0) resolve();
      else this.#onClosed = resolve;
    });
  }

  /** `undefined` when Node refuses the descriptor: then the connection is closed. */
  #socketOf(connection: Connection): Socket | undefined {
    const { fd } = connection;
    try {
      const socket = new Socket({ fd, allowHalfOpen: true, readable: true, writable: true });
      if (this.#observed) countSent(socket);
      return socket;
    } catch (error) {
      this.#options.context.log.error(faultOfConnection(error));
      connection.close();
      return undefined;
    }
  }

  /** Answers past the response object when its head is not out, and breaks the connection otherwise. */
  #breakOff(turn: Turn, status: number): void {
    const { socket, response, request } = turn;
    if (response?.headersSent === true) {
      socket.destroy();
      return;
    }
    turn.answered = status;
    socket.end(errorResponse(this.#options.writer, { status, method: request.method }), 'latin1');
    socket.destroySoon();
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
      const { method, target } = turn.request;
      preRequest?.(this.#facade, { method, target, remoteAddress: turn.peer, raw: request });
      const result = this.#options.application.handler(request, response);
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.#fail(turn, response, error));
    } catch (error) {
      this.#fail(turn, response, error);
    }
  }

  /** The application is done. A client that reads slowly is Node's business from now on, but not for ever. */
  #letGo(turn: Turn): void {
    const { socket, request, peer, startedAt } = turn;
    if (this.#timeoutMs > 0) {
      socket.setTimeout(this.#timeoutMs, () => {
        const given: GivenUp = { request: summary(request, peer, startedAt), waitedFor: 'reader' };
        if (socket.writableLength > 0) logTimeout(this.#options.context.log, given);
        socket.destroy();
      });
    }
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
    const { answered, cutAs, peer, request } = turn;
    const end: NodeEnd = { response, answered, cutAs, peer, durationMs: performance.now() - turn.startedAt };
    if (postRequest !== undefined) {
      const { method, target } = request;
      try {
        const info = { status: nodeStatus(end), bytes: nodeBytes(end), raw: response };
        postRequest(this.#facade, { method, target, remoteAddress: peer, raw: response.req }, info);
      } catch (error) {
        context.log.error(`The hook postRequest threw: ${stackOf(error)}`);
      }
    }
    context.requestFinished(context.accessLog ? nodeRecord(end) : undefined);
  }

  /** Node's parser refused what ours took, or has no listener for it, and answered by itself or hung up. */
  #reportUnanswered({ request, peer, answered, cutAs }: Turn): void {
    const { context } = this.#options;
    const status = answered ?? cutAs ?? BAD_REQUEST;
    context.requestFinished(context.accessLog ? refusedRecord(peer, request, status) : undefined);
  }
}

function whoIsWaitedFor({ socket, response }: Turn): GivenUp['waitedFor'] {
  if (response === undefined) return 'application';
  if (response.writableLength > 0 || socket.writableLength > 0) return 'reader';
  const { complete, readableLength } = response.req;
  // What has arrived was read to the last byte: it is the rest that the application waits for.
  return !complete && readableLength === 0 ? 'sender' : 'application';
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

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { canBeMapped, countSent, nameByIpv4 } from '@gunicorn-ts/transport';
import { errorResponse, type ResponseHeadWriter } from '@gunicorn-ts/http';
import type {
  AccessRecord,
  Application,
  RequestSummary,
  WorkerContext,
  WorkerFacade,
} from '@gunicorn-ts/interface';
import type { Connection } from '../connection.ts';
import type { Clock } from '../clock.ts';
import { faultOfConnection, stackOf } from '../errors.ts';
import type { HungAnswer } from '../hung-answer.ts';
import type { Arriving } from '../parking-lot.ts';
import { type GivenUp, logTimeout, type Service, summary } from '../service.ts';
import { refusedRecord } from '../access-record.ts';
import { measureBody } from './body-size.ts';
import { showFront } from './front-socket.ts';
import { endOf, type Turn, whoIsWaitedFor } from './turn.ts';
import { nodeBytes, nodeRecord, nodeStatus } from './node-record.ts';
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
  /** All whose connections are open. */
  readonly #turns = new Set<Turn>();
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
      answeredByWatchdog: false,
      end: () => {
        if (this.#turn === turn) {
          this.#turn = undefined;
          // A response that never began leaves the descriptor there, which soon is somebody else's.
          if (!turn.response?.headersSent) turn.answeredByWatchdog ||= !this.#options.hung.takeBack();
        }
        // Node's part of the work, the farewell to the client, is done when the event loop turns.
        setImmediate(resolve);
      },
    };
    this.#turn = turn;
    this.#turns.add(turn);
    socket.once('close', () => {
      this.#turns.delete(turn);
      turn.end();
      if (turn.response === undefined) this.#reportUnanswered(turn);
      if (this.#turns.size === 0) this.#onClosed?.();
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
    for (const { socket } of this.#turns) socket.destroy();
  }

  cutOff(status: number): readonly AccessRecord[] {
    return [...this.#turns].map((turn) => {
      turn.cutAs = status;
      const { response, peer, request } = turn;
      if (response === undefined) return refusedRecord(peer, request, status);
      return nodeRecord(endOf(turn, response));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#turns.size === 0) resolve();
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
    const { serverHeader } = this.#options.context.settings;
    if (serverHeader) response.setHeader('Server', serverHeader);
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
  #offerToWatchdog(turn: Turn, response: ServerResponse): void {
    const { socket, fd } = turn;
    const { hung } = this.#options;
    hung.offer(fd, turn.request, turn.peer);
    const { writeHead } = response;
    const guarded = function guardedWriteHead(this: ServerResponse, ...parameters: unknown[]): unknown {
      // Then the client has its answer.
      if (!hung.takeBack()) {
        turn.answeredByWatchdog = true;
        socket.destroySoon();
      }
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
    for (const name of response.getHeaderNames()) if (name !== 'server') response.removeHeader(name);
    const body = 'Internal Server Error';
    response.writeHead(500, { 'Content-Type': 'text/plain', 'Content-Length': body.length }).end(body);
  }

  #report(turn: Turn, response: ServerResponse): void {
    turn.end();
    const { context } = this.#options;
    const { postRequest } = context.hooks;
    const { peer, request } = turn;
    const end = endOf(turn, response);
    if (postRequest !== undefined) {
      const { method, target } = request;
      try {
        const info = { status: nodeStatus(end), bytes: nodeBytes(end), raw: response };
        postRequest(this.#facade, { method, target, remoteAddress: peer, raw: response.req }, info);
      } catch (error) {
        context.log.error(`The hook postRequest threw: ${stackOf(error)}`);
      }
    }
    const isOurs = context.accessLog && !turn.answeredByWatchdog;
    context.requestFinished(isOurs ? nodeRecord(end) : undefined);
  }

  /** Node's parser refused what ours took, or has no listener for it, and answered by itself or hung up. */
  #reportUnanswered({ request, peer, answered, cutAs }: Turn): void {
    const { context } = this.#options;
    const status = answered ?? cutAs ?? BAD_REQUEST;
    context.requestFinished(context.accessLog ? refusedRecord(peer, request, status) : undefined);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, errorResponse, type RequestError, ResponseHeadWriter } from '@gunicorn-ts/http';
import type { AccessRecord, WorkerContext } from '@gunicorn-ts/interface';
import type { BodyStoreError } from '@gunicorn-ts/wsgi';
import { accessRecord, requestPart } from './access-record.ts';
import { measureBody } from './body-size.ts';
import type { InFlight } from './in-flight.ts';
import { answerPast } from './past-answer.ts';

/** How long a refused client may go on sending before its connection is cut, in milliseconds. */
const LINGER_MS = 1000;

/** Node's, for a head that does not come. */
const TIMEOUT_CODE = 'ERR_HTTP_REQUEST_TIMEOUT';
const BAD_REQUEST = 400;
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  [TIMEOUT_CODE]: 408,
};

const GONE: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** The status a client error is answered with; `undefined` when there is nobody to answer. */
export function statusOfCode(code: string | undefined): number | undefined {
  if (code === undefined) return undefined;
  return STATUS_OF_CODE[code] ?? (code.startsWith('HPE_') ? 400 : undefined);
}

type Context = Pick<WorkerContext, 'log' | 'accessLog' | 'requestFinished' | 'settings'>;

/**
 * Answers what may not be served, and says so in the logs: requests that break the operator's rules, what
 * Node's parser refused, and connections whose request head does not come.
 */
export class Refusals {
  readonly #context: Context;
  readonly #inFlight: InFlight;
  readonly #writer: ResponseHeadWriter;
  readonly #refused = new WeakSet<Socket>();
  #any = false;

  constructor(context: Context, inFlight: InFlight) {
    this.#context = context;
    this.#inFlight = inFlight;
    this.#writer = new ResponseHeadWriter(context.settings.serverHeader);
  }

  /** Whether a request on this connection was refused: what follows on it is not served. */
  concerns(socket: Socket): boolean {
    return this.#any && this.#refused.has(socket);
  }

  /** Refuses a request in its turn, behind the responses to those before it. */
  refuse(request: IncomingMessage, response: ServerResponse, error: RequestError): void {
    const { socket } = request;
    this.#mark(socket);
    this.#warn(socket, error.status, error.message);
    const startedAt = performance.now();
    measureBody(response);
    response.once('close', () => {
      this.#finished(() => accessRecord(response, performance.now() - startedAt));
    });
    const body = errorBody(error.status, error.message);
    response.shouldKeepAlive = false;
    // Node closes a connection behind its last response, at once and whatever is still to be read.
    socket.destroySoon = () => endAndLinger(socket);
    request.resume();
    response
      .writeHead(error.status, { 'Content-Type': 'text/plain', 'Content-Length': body.length })
      .end(body);
  }

  /** Refuses a request in the middle of its body; what the application still writes is lost. */
  breakOff(response: ServerResponse, error: RequestError): void {
    this.#warn(response.req.socket, error.status, error.message);
    this.#answerInBody(response, error.status, error.message);
  }

  /** Answers a request for whose body there is no room. That is this server's fault, and not the client's. */
  refuseUnstored(response: ServerResponse, { status, message }: BodyStoreError): void {
    const { method, url: target } = response.req;
    this.#context.log.error(message, { method, target, status });
    this.#answerInBody(response, status);
  }

  #answerInBody(response: ServerResponse, status: number, sentence?: string): void {
    const { socket, method } = response.req;
    this.#mark(socket);
    socket.destroySoon = () => endAndLinger(socket);
    answerPast(response, status, this.#text(status, sentence, method));
  }

  /** Refuses what has no response object: a connection before its first request, or one that is taken over. */
  refuseSocket(socket: Socket, error: RequestError, request?: IncomingMessage): void {
    this.#mark(socket);
    this.#warn(socket, error.status, error.message);
    this.#finished(() => refusedRecord(socket, error.status, request));
    socket.on('error', () => {});
    socket.end(this.#text(error.status, error.message, request?.method));
    socket.resume();
    linger(socket);
  }

  /** Ends a connection at once: an answer would be taken for the one to a request that is being served. */
  hangUp(request: IncomingMessage, reason: string): void {
    const { socket } = request;
    this.#mark(socket);
    this.#warn(socket, BAD_REQUEST, reason);
    this.#finished(() => refusedRecord(socket, BAD_REQUEST, request));
    socket.destroy();
  }

  /** Ends a connection that did not say in time what it wants. */
  expire(socket: Socket): void {
    this.clientError(Object.assign(new Error('timeout'), { code: TIMEOUT_CODE }), socket);
  }

  /** The listener for `clientError`. */
  readonly clientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
    // The parser reports again what follows its first error.
    if (this.#refused.has(socket)) return;
    this.#mark(socket);
    const status = statusOfCode(error.code);
    const newest = this.#newestOn(socket);
    const inBody = newest !== undefined && !newest.req.complete;
    this.#report(error, socket, inBody);
    if (status === undefined || !socket.writable || socket.bytesRead === 0) socket.destroy();
    // The request itself is broken, and stands in the logs when its response is closed.
    else if (inBody) this.#answerBroken(newest, status);
    // The client reads its answers in the order of its requests.
    else if (newest !== undefined) newest.once('close', () => this.#answer(socket, status));
    else this.#answer(socket, status);
  };

  #report(error: NodeJS.ErrnoException, socket: Socket, inBody: boolean): void {
    const reason = error.code === TIMEOUT_CODE ? 'no complete request head in time' : error.message;
    const status = statusOfCode(error.code);
    // A connection that died, that failed its TLS handshake, or that was opened in advance and never used,
    // is no news on a public port.
    if (socket.destroyed || socket.bytesRead === 0 || GONE.has(error.code)) {
      this.#context.log.debug(invalid(socket, reason), { peer: socket.remoteAddress, code: error.code });
      return;
    }
    this.#warn(socket, status, reason);
    if (!inBody) this.#finished(() => refusedRecord(socket, status ?? BAD_REQUEST));
  }

  #answerBroken(response: ServerResponse, status: number): void {
    const { socket, method } = response.req;
    socket.destroySoon = () => endAndLinger(socket);
    answerPast(response, status, this.#text(status, undefined, method));
  }

  #answer(socket: Socket, status: number): void {
    if (!socket.writable) return;
    socket.end(this.#text(status));
    linger(socket);
  }

  #newestOn(socket: Socket): ServerResponse | undefined {
    let newest: ServerResponse | undefined;
    for (const response of this.#inFlight.responses()) if (response.req.socket === socket) newest = response;
    return newest;
  }

  #mark(socket: Socket): void {
    this.#any = true;
    this.#refused.add(socket);
  }

  #warn(socket: Socket, status: number | undefined, reason: string): void {
    this.#context.log.warning(invalid(socket, reason), { peer: socket.remoteAddress, status });
  }

  #finished(record: () => AccessRecord): void {
    this.#context.requestFinished(this.#context.accessLog ? record() : undefined);
  }

  #text(status: number, sentence?: string, method?: string): string {
    return errorResponse(this.#writer, { status, sentence, method });
  }
}

function invalid(socket: Socket, reason: string): string {
  return `Invalid request from ip=${socket.remoteAddress ?? ''}: ${reason}`;
}

/** What is known of a request that was refused: nothing, unless its head was read. */
function refusedRecord(socket: Socket, status: number, request?: IncomingMessage): AccessRecord {
  const known =
    request === undefined
      ? {
          remoteAddress: socket.remoteAddress ?? '',
          method: '-',
          target: '-',
          protocol: '-',
          requestHeader: () => undefined,
        }
      : requestPart(request);
  return { ...known, status, bytes: 0, durationMs: 0, responseHeader: () => undefined };
}

function endAndLinger(socket: Socket): void {
  socket.end();
  linger(socket);
}

/**
 * Reads on for a moment after our side is closed: closing both while the client still sends would reset the
 * connection, and the reset can overtake the response.
 */
function linger(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

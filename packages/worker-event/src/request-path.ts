import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { RequestError, type Scheme } from '@gunicorn-ts/http';
import type { Admission } from './admission.ts';
import { limitBody } from './body-limit.ts';
import type { InFlight } from './in-flight.ts';
import type { Fail, Serve } from './kinds/node.ts';
import { markLast } from './last-response.ts';
import type { Refusals } from './refusals.ts';
import type { RequestObserver } from './request-observer.ts';
import type { RequestTimeout } from './request-timeout.ts';

export interface RequestPathOptions {
  readonly inFlight: InFlight;
  readonly admission: Admission;
  readonly refusals: Refusals;
  /** Longest body in bytes; 0 is no limit. */
  readonly bodyLimit: number;
  readonly serve: Serve;
  /** Whether `serve` itself tells a client that waits for a word to send its body. */
  readonly continues: boolean;
  readonly fail: Fail;
  /** Whether each response is the last of its connection from the beginning on. */
  readonly closing: boolean;
  /** Value of the `Server` header, for an application to say another one; see the setting. */
  readonly server: string | undefined;
  readonly timeout: RequestTimeout | undefined;
  /** Without one, only `requestFinished` is called. */
  readonly observer: RequestObserver | undefined;
  requestFinished(): void;
}

/** What happens to a request between Node's parser and the application. */
export class RequestPath {
  readonly #options: RequestPathOptions;
  readonly #inFlight: InFlight;
  readonly #timeout: RequestTimeout | undefined;
  readonly #observer: RequestObserver | undefined;
  /** Shared by all responses, so that a request makes no function. */
  readonly #onClose: (this: ServerResponse) => void;
  #closing: boolean;

  constructor(options: RequestPathOptions) {
    this.#options = options;
    this.#inFlight = options.inFlight;
    this.#timeout = options.timeout;
    this.#observer = options.observer;
    this.#closing = options.closing;
    const settle = (response: ServerResponse): void => this.#settle(response);
    this.#onClose = function onClose(): void {
      settle(this);
    };
    const { serve, continues } = options;
    const serveWaiting = continues ? serve : serveContinued;
    this.listener = (request, response) => this.run(request, response, serve);
    this.continued = (request, response) => this.run(request, response, serveWaiting);
    function serveContinued(request: IncomingMessage, response: ServerResponse, scheme: Scheme): void {
      response.writeContinue();
      serve(request, response, scheme);
    }
  }

  readonly listener: RequestListener;

  /** For a client that waits for a word before it sends the body. */
  readonly continued: RequestListener;

  /**
   * Serves a request that Node gave out as an event of its own, such as `checkContinue`.
   * @param anyExpectation whether an expectation that the server cannot meet is the application's to judge
   */
  run(request: IncomingMessage, response: ServerResponse, serve: Serve, anyExpectation = false): void {
    const { admission, refusals, bodyLimit } = this.#options;
    if (refusals.concerns(request.socket)) return;
    if (this.#closing && !this.#markLast(request, response)) return;
    if (response.socket === null) closeWithConnection(request, response);
    if (this.#options.server) response.setHeader('Server', this.#options.server);
    let scheme: Scheme;
    try {
      scheme = admission.judge(request, anyExpectation);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      refusals.refuse(request, response, error);
      return;
    }
    // A length that is declared was judged with the head.
    if (bodyLimit > 0 && request.headers['transfer-encoding'] !== undefined) {
      limitBody(request, bodyLimit, () => refusals.breakOff(response, new RequestError('content-too-large')));
    }
    this.#inFlight.add(response);
    response.on('close', this.#onClose);
    this.#timeout?.arm();
    if (this.#observer !== undefined && !this.#begin(this.#observer, request, response)) return;
    serve(request, response, scheme);
  }

  /** From now on every response ends its connection, those included whose head is not out yet. */
  closeConnections(): void {
    this.#closing = true;
    const newest = new Map<unknown, ServerResponse>();
    for (const response of this.#inFlight.responses()) newest.set(response.req.socket, response);
    for (const response of newest.values()) markLast(response);
  }

  /**
   * Marks the response as its connection's last. False when an earlier response said so already: then the
   * client knows that this request is not served. Pipelined requests move the mark to the newest, since
   * the client would lose those behind it.
   */
  #markLast(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.socket.writableEnded) return false;
    if (response.socket === null) {
      for (const earlier of this.#inFlight.responses()) {
        if (earlier.req.socket !== request.socket || earlier.shouldKeepAlive) continue;
        if (earlier.headersSent) return false;
        earlier.shouldKeepAlive = true;
      }
    }
    markLast(response);
    return true;
  }

  #begin(observer: RequestObserver, request: IncomingMessage, response: ServerResponse): boolean {
    try {
      observer.begin(request, response);
      return true;
    } catch (error) {
      this.#options.fail(response, error);
      return false;
    }
  }

  #settle(response: ServerResponse): void {
    const startedAt = this.#inFlight.remove(response);
    if (startedAt === undefined) return;
    if (this.#observer === undefined) this.#options.requestFinished();
    else this.#observer.end(response, performance.now() - startedAt);
  }
}

/** Some versions of Node say nothing to a response that was queued behind others when its connection died. */
function closeWithConnection(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  const onSocketClose = (): void => {
    setImmediate(() => {
      if (!response.closed) response.emit('close');
    });
  };
  socket.once('close', onSocketClose);
  response.once('close', () => socket.off('close', onSocketClose));
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WorkerContext } from '@gunicorn-ts/interface';
import type { InFlight } from './in-flight.ts';
import type { Serve } from './kinds/node.ts';

/** What happens to a request between Node's parser and the application. */
export class RequestPath {
  readonly #context: WorkerContext;
  readonly #inFlight: InFlight;
  readonly #serve: Serve;
  readonly #onClose: (this: ServerResponse) => void;
  /** Whether each response is the last of its connection. */
  #closing: boolean;

  constructor(context: WorkerContext, inFlight: InFlight, serve: Serve) {
    this.#context = context;
    this.#inFlight = inFlight;
    this.#serve = serve;
    this.#closing = context.settings.keepalive === 0;
    const settle = (response: ServerResponse): void => this.#settle(response);
    this.#onClose = function onClose(): void {
      settle(this);
    };
  }

  readonly listener: Serve = (request, response) => this.run(request, response, this.#serve);

  run(request: IncomingMessage, response: ServerResponse, serve: Serve): void {
    if (this.#closing) {
      if (!this.#closeAfter(request, response)) return;
    }
    this.#inFlight.add(response);
    response.on('close', this.#onClose);
    if (response.socket === null) this.#closeWithConnection(request, response);
    serve(request, response);
  }

  /** From now on every response ends its connection, those included whose head is not out yet. */
  closeConnections(): void {
    this.#closing = true;
    const newest = new Map<unknown, ServerResponse>();
    for (const response of this.#inFlight.responses()) newest.set(response.req.socket, response);
    for (const response of newest.values()) response.shouldKeepAlive = false;
  }

  /**
   * Marks the response as its connection's last; false when an earlier response told the client so already,
   * and this request must not be run. Pipelined requests move the mark: the client would lose those
   * behind it.
   */
  #closeAfter(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.socket.writableEnded) return false;
    if (response.socket === null) {
      for (const earlier of this.#inFlight.responses()) {
        if (earlier.req.socket !== request.socket || earlier.shouldKeepAlive) continue;
        if (earlier.headersSent) return false;
        earlier.shouldKeepAlive = true;
      }
    }
    response.shouldKeepAlive = false;
    return true;
  }

  /** Older Nodes say nothing to a response that was queued behind others when its connection died. */
  #closeWithConnection(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const onSocketClose = (): void => {
      setImmediate(() => {
        if (!response.closed) response.emit('close');
      });
    };
    socket.once('close', onSocketClose);
    response.once('close', () => socket.off('close', onSocketClose));
  }

  #settle(response: ServerResponse): void {
    if (this.#inFlight.remove(response) === undefined) return;
    this.#context.requestFinished();
  }
}

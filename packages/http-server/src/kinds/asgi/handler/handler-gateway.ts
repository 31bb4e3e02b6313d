import type {
  AsgiCall,
  AsgiGateway,
  AsgiHandler,
  AsgiRequest,
  AsgiResponse,
  AsgiSocketCall,
  AsgiSocketOptions,
  AsgiSocketResponse,
} from '@gunicorn-ts/interface';
import { HandlerCall } from './handler-call.ts';
import { HandlerSocket } from './handler-socket.ts';
import { type ScopeParts, httpScope, webSocketScope } from './scope.ts';

/** How much of the time for a drain goes by before calls are told that they should come to their end. */
const FAREWELL_PART = 0.8;

/** Calls an application of this process with `(scope, receive, send)`. */
export class HandlerGateway implements AsgiGateway {
  readonly websocket: AsgiSocketOptions;
  readonly #handler: AsgiHandler;
  readonly #parts: ScopeParts;
  readonly #calls = new Set<HandlerCall>();

  constructor(handler: AsgiHandler, parts: ScopeParts, websocket: AsgiSocketOptions) {
    this.#handler = handler;
    this.#parts = parts;
    this.websocket = websocket;
  }

  call(request: AsgiRequest, response: AsgiResponse): AsgiCall {
    const call = new HandlerCall(request, response);
    this.#calls.add(call);
    void call.run(this.#handler, httpScope(request, this.#parts)).finally(() => this.#calls.delete(call));
    return call;
  }

  connect(request: AsgiRequest, response: AsgiSocketResponse): AsgiSocketCall {
    const call = new HandlerSocket(request, response);
    void call.run(this.#handler, webSocketScope(request, this.#parts));
    return call;
  }

  leave(deadlineMs: number): void {
    setTimeout(() => {
      for (const call of this.#calls) call.leave();
    }, deadlineMs * FAREWELL_PART).unref();
  }
}

import type { RequestListener, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { IncomingMessage, ServerResponse } from '../../node-http.ts';
import type { NodeRequest, NodeResponse } from './internals.ts';

/** Its second parameter is not in Node's types. */
type ResponseClass = new (request: IncomingMessage, options: object) => NodeResponse;
type RequestClass = new (socket: Duplex) => NodeRequest;
type Application = RequestListener | undefined;

/**
 * Makes the two messages of each request. Express puts prototypes of its own on both, `application.request` and
 * `application.response`, before it does anything else, which has V8 move all of their properties into objects of another
 * shape: a tenth of what a request costs. Messages that have those prototypes from the beginning are not moved.
 */
export class MessageMaker {
  readonly #request: RequestClass;
  readonly #response: ResponseClass;
  /** Whose messages the two below make. */
  #application: Application;
  #ownRequest: RequestClass | undefined;
  #ownResponse: ResponseClass | undefined;

  constructor(
    request: typeof IncomingMessage = IncomingMessage,
    response: typeof ServerResponse = ServerResponse,
  ) {
    this.#request = request as unknown as RequestClass;
    this.#response = response as unknown as ResponseClass;
  }

  /** @param application that alone is called with it, if it is one */
  request(application: Application, socket: Duplex): NodeRequest {
    if (application !== this.#application) this.#learn(application);
    const own = this.#ownRequest;
    return own === undefined
      ? new this.#request(socket)
      : (Reflect.construct(this.#request, [socket], own) as NodeRequest);
  }

  /** For the request that was made last. */
  response(request: IncomingMessage, options: object): NodeResponse {
    const own = this.#ownResponse;
    return own === undefined
      ? new this.#response(request, options)
      : (Reflect.construct(this.#response, [request, options], own) as NodeResponse);
  }

  #learn(application: Application): void {
    this.#application = application;
    const { request, response } = ownPrototypes(application) ?? {};
    // A server's own classes are lost when an application replaces the prototype: not before it does.
    this.#ownRequest = (this.#request as object) === IncomingMessage ? classOf(request) : undefined;
    this.#ownResponse = (this.#response as object) === ServerResponse ? classOf(response) : undefined;
  }
}

/** The prototypes that an application puts on its messages; as Express says it, and who else does so in the same way. */
function ownPrototypes(
  application: unknown,
): { readonly request: object; readonly response: object } | undefined {
  if (typeof application !== 'function' || !('handle' in application)) return undefined;
  const { request, response } = application as { request?: unknown; response?: unknown };
  const areOwn = request instanceof IncomingMessage && response instanceof ServerResponse;
  return areOwn ? { request, response } : undefined;
}

/** Who alone is called with the requests of a server, as far as that can be seen. */
export function onlyListener(server: Server): RequestListener | undefined {
  const { _events: listeners } = server as { _events?: { readonly request?: unknown } };
  const listener = listeners?.request;
  return typeof listener === 'function' ? (listener as RequestListener) : undefined;
}

/** Whose instances have this prototype, when it is given to `Reflect.construct`. */
function classOf<T>(prototype: object | undefined): T | undefined {
  if (prototype === undefined) return undefined;
  const maker = function Message(): void {};
  maker.prototype = prototype;
  return maker as unknown as T;
}

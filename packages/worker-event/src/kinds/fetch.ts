import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, RequestError, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Scheme } from '@gunicorn-ts/http';
import type { FetchHandler } from '@gunicorn-ts/interface';
import { keepInstances } from './global-classes.ts';
import { sendResponse } from './send-response.ts';
import type { Fail, Serve } from './node.ts';

export interface FetchOptions {
  readonly handler: FetchHandler;
  readonly fail: Fail;
  readonly tls: boolean;
}

/**
 * Serves `(request) => Response` through Hono's adapter. `Request.signal` is aborted when the client goes
 * away or the request times out.
 */
export function serveFetch({ handler, fail, tls }: FetchOptions): Serve {
  const listener = keepInstances(() =>
    getRequestListener(answer as (request: Request, env: unknown) => Promise<unknown>, {
      // The rest is caught in `answer`, where it is known which request it belongs to.
      errorHandler: (error) => new Response(null, { status: error instanceof RequestError ? 400 : 500 }),
    }),
  );
  const bodyIsWhole = wholeBodyTest();

  function answer(request: Request, env: HttpBindings): Response | Promise<Response> {
    try {
      const result = handler(request, env);
      return result instanceof Promise
        ? result.then(
            (response) => deliver(response, env.outgoing),
            (error: unknown) => failed(error, env.outgoing),
          )
        : deliver(result, env.outgoing);
    } catch (error) {
      return failed(error, env.outgoing);
    }
  }

  function deliver(response: Response, outgoing: ServerResponse): Response {
    if (bodyIsWhole(response)) return response;
    // Hono would print the error of a broken stream and send its message to the client.
    sendResponse(response, outgoing).catch((error: unknown) => fail(outgoing, error));
    return RESPONSE_ALREADY_SENT;
  }

  function failed(error: unknown, outgoing: ServerResponse): Response {
    fail(outgoing, error);
    return RESPONSE_ALREADY_SENT;
  }

  return (request, response, scheme) => {
    if (!tls) declareScheme(request, scheme);
    listener(request, response).catch((error: unknown) => fail(response, error));
  };
}

/** Hono reads the scheme off the socket, at once. Later requests on the connection may have another. */
function declareScheme(request: IncomingMessage, scheme: Scheme): void {
  const socket = request.socket as { encrypted?: boolean };
  const encrypted = scheme === 'https';
  if (encrypted !== (socket.encrypted === true)) socket.encrypted = encrypted;
}

/**
 * Whether Hono can write the response in one go. Its fast `Response` keeps what it was made of under a
 * symbol; any other response may hold a stream.
 */
function wholeBodyTest(): (response: Response) => boolean {
  const sample = new Response('');
  const kept = Object.getOwnPropertySymbols(sample).find(({ description }) => description === 'cache');
  if (kept === undefined) return () => false;
  return (response) => {
    const parts = (response as unknown as Record<symbol, readonly unknown[] | undefined>)[kept];
    return parts !== undefined && !(parts[1] instanceof ReadableStream);
  };
}

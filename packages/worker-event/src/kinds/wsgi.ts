import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scheme } from '@gunicorn-ts/http';
import type { Logger, WsgiBody, WsgiHandler, WsgiInputMode } from '@gunicorn-ts/interface';
import {
  checkedBody,
  BodyStore,
  BodyStoreError,
  closeBody,
  EMPTY_BODY,
  EnvironMaker,
  type EnvironParts,
  type RequestBody,
  WsgiInput,
  type WsgiRequest,
} from '@gunicorn-ts/wsgi';
import type { Environs } from '../request-observer.ts';
import type { Fail, Serve } from './node.ts';
import { collectBody, hasBody, streamBody } from './wsgi-body.ts';
import { WsgiResponse } from './wsgi-response.ts';

export interface WsgiOptions {
  readonly handler: WsgiHandler;
  readonly input: WsgiInputMode;
  readonly fail: Fail;
  /** Answers a request whose body there is no room for. */
  readonly refuseUnstored: (response: ServerResponse, error: BodyStoreError) => void;
  /** Most bytes of bodies in files; 0 is no limit. */
  readonly spoolLimit: number;
  readonly log: Logger;
  readonly multiprocess: boolean;
  /** Value of the `Server` header; see the setting. */
  readonly server: string | undefined;
  /** Where to leave environs for the access log; absent when nobody reads them. */
  readonly environs: Environs | undefined;
}

type Input = AsyncIterable<Uint8Array>;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly scheme: Scheme;
}

/** Serves a WSGI application (PEP 3333). */
export function serveWsgi(options: WsgiOptions): Serve {
  const { handler, log, multiprocess, environs } = options;
  const failed = failing(options);
  const store = new BodyStore(options.spoolLimit);
  const scriptName = process.env['SCRIPT_NAME'] ?? '';
  // Requests take turns on one thread; while one waits, another runs.
  const maker = new EnvironMaker({ multithread: true, multiprocess, log, scriptName });

  async function respond({ request, response, scheme }: Exchange, input: Input): Promise<void> {
    const wsgi = new WsgiResponse(response, options.server);
    const { earlyHints } = wsgi;
    const environ = maker.make(wsgiRequest(request, scheme), { ...placeOf(request), input, earlyHints });
    environs?.set(response, environ);
    const result = handler(environ, wsgi.startResponse);
    const returned = checkedBody(result instanceof Promise ? await result : result);
    try {
      await send(wsgi, returned);
    } finally {
      closeBody(returned, log);
    }
  }

  async function collectAndRespond(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    let body: RequestBody;
    try {
      body = await collectBody(request, store);
    } catch (error) {
      // A client that leaves while it sends has nobody to be answered for it.
      if (!request.complete && !(error instanceof BodyStoreError)) return;
      throw error;
    }
    try {
      if (!response.destroyed) await respond(exchange, new WsgiInput(body));
    } finally {
      body.close();
    }
  }

  async function streamAndRespond(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    try {
      await respond(exchange, streamBody(request, response));
    } catch (error) {
      // The client has left: the application was told so by its input, and nobody can be answered.
      if (!request.complete && response.destroyed) return;
      throw error;
    } finally {
      // What was left in the middle of an iteration would stand before the connection's next request.
      request.resume();
    }
  }

  const receiveAndRespond = options.input === 'stream' ? streamAndRespond : collectAndRespond;
  return (request, response, scheme) => {
    const exchange: Exchange = { request, response, scheme };
    const done = hasBody(request)
      ? receiveAndRespond(exchange)
      : respond(exchange, new WsgiInput(EMPTY_BODY));
    done.catch((error: unknown) => failed(response, error));
  };
}

function failing({ fail, refuseUnstored }: WsgiOptions): Fail {
  return (response, error) => {
    if (error instanceof BodyStoreError) refuseUnstored(response, error);
    else fail(response, error);
  };
}

function placeOf({ socket }: IncomingMessage): Omit<EnvironParts, 'input' | 'earlyHints'> {
  const { remoteAddress = '', remotePort = 0, localAddress, localPort = 0 } = socket;
  const local = localAddress === undefined ? undefined : { host: localAddress, port: localPort };
  return { socket, remoteHost: remoteAddress, remotePort, local };
}

function wsgiRequest(request: IncomingMessage, scheme: Scheme): WsgiRequest {
  const { method = '', url = '', httpVersion, headers, rawHeaders } = request;
  return {
    method,
    target: url,
    protocol: `HTTP/${httpVersion}`,
    scheme,
    host: headers.host ?? '',
    fields: {
      count: rawHeaders.length / 2,
      name: (index) => rawHeaders[2 * index] ?? '',
      value: (index) => rawHeaders[2 * index + 1] ?? '',
    },
  };
}

async function send(wsgi: WsgiResponse, body: WsgiBody): Promise<void> {
  if (Array.isArray(body) && body.length <= 1) {
    wsgi.endWith(body[0] as Uint8Array | undefined);
    return;
  }
  if (Symbol.asyncIterator in body) {
    for await (const chunk of body) {
      if (!wsgi.wanted) return;
      if (!wsgi.write(chunk)) await wsgi.writable();
    }
  } else {
    for (const chunk of body) {
      if (!wsgi.wanted) return;
      if (!wsgi.write(chunk)) await wsgi.writable();
    }
  }
  if (wsgi.wanted) wsgi.end();
}

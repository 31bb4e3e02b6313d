import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger, WsgiBody, WsgiHandler } from '@gunicorn-ts/interface';
import { stackOf } from '../errors.ts';
import type { TrustedPeers } from '../forwarded.ts';
import type { Environs } from '../request-observer.ts';
import { EnvironMaker } from '../wsgi/environ.ts';
import { hasBody, memoryBody, readBody, type RequestBody } from '../wsgi/request-body.ts';
import { WsgiInput } from '../wsgi/wsgi-input.ts';
import { WsgiResponse } from '../wsgi/wsgi-response.ts';
import type { Fail, Serve } from './node.ts';

export interface WsgiOptions {
  readonly handler: WsgiHandler;
  readonly fail: Fail;
  readonly peers: TrustedPeers;
  readonly log: Logger;
  readonly multiprocess: boolean;
  /** Where to leave environs for the access log; absent when nobody reads them. */
  readonly environs: Environs | undefined;
}

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/** Serves a WSGI application (PEP 3333). The request's body is read to its end before the application is called. */
export function serveWsgi(options: WsgiOptions): Serve {
  const { handler, fail, peers, log, multiprocess, environs } = options;
  const maker = new EnvironMaker({ multiprocess, log, scriptName: process.env['SCRIPT_NAME'] ?? '' });

  async function respond([request, response]: Exchange, body: RequestBody): Promise<void> {
    const wsgi = new WsgiResponse(response);
    const environ = maker.make(request, {
      scheme: peers.scheme(request),
      input: new WsgiInput(body),
      earlyHints: wsgi.earlyHints,
    });
    environs?.set(response, environ);
    const result = handler(environ, wsgi.startResponse);
    const returned = checkedBody(result instanceof Promise ? await result : result);
    try {
      await send(wsgi, returned);
    } finally {
      close(returned, log);
    }
  }

  async function receiveAndRespond(exchange: Exchange): Promise<void> {
    const [request, response] = exchange;
    let body: RequestBody;
    try {
      body = await readBody(request);
    } catch (error) {
      // A client that leaves while it sends has nobody to be answered for it.
      if (!request.complete) return;
      throw error;
    }
    try {
      if (!response.destroyed) await respond(exchange, body);
    } finally {
      await body.close();
    }
  }

  return (request, response) => {
    const exchange: Exchange = [request, response];
    const done = hasBody(request) ? receiveAndRespond(exchange) : respond(exchange, memoryBody());
    done.catch((error: unknown) => fail(response, error));
  };
}

/** @throws {TypeError} for what is often returned by mistake: nothing, text, or bytes that are in no array */
function checkedBody(body: unknown): WsgiBody {
  const iterable = typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
  if (iterable && (Symbol.iterator in body || Symbol.asyncIterator in body)) return body as WsgiBody;
  const found = body instanceof Uint8Array ? 'bytes' : body === null ? 'null' : typeof body;
  throw new TypeError(
    `A WSGI application returns an iterable of Uint8Arrays, but this one returned ${found}`,
  );
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

/** PEP 3333: however the response ends, the body is closed. */
function close(body: WsgiBody, log: Logger): void {
  try {
    body.close?.();
  } catch (error) {
    log.error(`The WSGI body could not be closed: ${stackOf(error)}`);
  }
}

import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { HttpRules } from '@gunicorn-ts/http';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { createTlsServer } from '@gunicorn-ts/transport';
import { http, https } from './node-http.ts';

export type HttpServer = Server | TlsServer;

const LONGEST_CHECKING_INTERVAL_MS = 1000;
const SHORTEST_CHECKING_INTERVAL_MS = 50;

/**
 * The server that speaks HTTP on every connection of this worker. It never listens: acceptors hand it
 * sockets as `connection` events.
 * @throws {OperatorError} `ERR_TLS_CONTEXT`, `ERR_SSL_CONTEXT_HOOK`
 */
export function createHttpServer(
  context: WorkerContext,
  rules: HttpRules,
  listener: RequestListener,
): HttpServer {
  const limits = httpLimits(context, rules);
  const server =
    createTlsServer(context, (options) => https().createServer({ ...limits, ...options }, listener)) ??
    http.createServer(limits, listener);
  // Node would drop what is beyond its limit without a word.
  server.maxHeadersCount = 0;
  // Node starts the timer that enforces `headersTimeout` when a server begins to listen.
  server.emit('listening');
  return server;
}

function httpLimits({ settings }: WorkerContext, rules: HttpRules): ServerOptions {
  const headersTimeout = settings.headersTimeout * 1000;
  return {
    maxHeaderSize: rules.headLimit,
    // Such a request is refused by us, so that it is in the logs.
    requireHostHeader: false,
    keepAliveTimeout: settings.keepalive * 1000,
    headersTimeout,
    // A request times out as late as its head or by this interval more. A connection that sends nothing
    // counts as one with an incomplete head.
    connectionsCheckingInterval: Math.min(
      Math.max(headersTimeout / 20, SHORTEST_CHECKING_INTERVAL_MS),
      LONGEST_CHECKING_INTERVAL_MS,
    ),
    // Node's own requestTimeout limits how long a body may take to arrive, which would cut slow uploads.
    requestTimeout: 0,
  };
}

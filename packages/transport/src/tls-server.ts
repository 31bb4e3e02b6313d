import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import type { ServerOptions } from 'node:https';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { tlsContextError } from './errors.ts';
import { tlsOptions } from './tls-options.ts';

/**
 * Makes a server that speaks TLS as the settings say, or gives `undefined` when they name no certificate.
 * Clients whose certificate is optional and shown, but not valid, are cut off.
 * @param create `createServer` of `node:tls` or `node:https`, called with the options
 * @throws {OperatorError} `ERR_TLS_CONTEXT`, `ERR_SSL_CONTEXT_HOOK`
 */
export function createTlsServer<T extends Server>(
  context: WorkerContext,
  create: (options: ServerOptions) => T,
): T | undefined {
  const options = tlsOptions(context);
  if (options === undefined) return undefined;
  const server = make(options, create);
  if (context.settings.certReqs === 1) {
    server.prependListener('secureConnection', (socket) => {
      if (!mayStay(socket)) socket.destroy();
    });
  }
  return server;
}

/** The socket that a TLS socket was made of by a server. */
export function plainSocketOf(secured: Socket): Socket | undefined {
  return (secured as { _parent?: Socket })._parent;
}

function make<T extends Server>(options: ServerOptions, create: (options: ServerOptions) => T): T {
  try {
    return create(options);
  } catch (cause) {
    throw tlsContextError(cause);
  }
}

/**
 * Whether a client whose certificate is optional may stay: it showed none, or one that its authority signed.
 * Node's `rejectUnauthorized` knows only "must show a valid one".
 */
function mayStay(socket: TLSSocket): boolean {
  return socket.authorized || Object.keys(socket.getPeerCertificate()).length === 0;
}

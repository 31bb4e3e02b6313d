import { ApplicationServer } from '@gunicorn-ts/http-server';
import type { Worker, WorkerContext } from '@gunicorn-ts/interface';
import type { SecuredServer, TlsFront } from './tls-front.ts';
import { transportOf } from './transport-setting.ts';

/**
 * Serves many requests at a time. Resolves when connections are being taken on every listener.
 * @throws {OperatorError} when a listener or the TLS material cannot be used
 */
export async function startWorker(context: WorkerContext): Promise<Worker> {
  // The front is asked for nothing before the server listens.
  const secured: SecuredServer = {
    serveStream: (stream, ends, socket) => server.serveStream(stream, ends, socket),
    refuseSocket: (socket, error) => server.refuseSocket(socket, error),
  };
  const front = await frontOf(context, secured);
  const server = await ApplicationServer.create({
    context,
    transport: transportOf(context.settings),
    // In front of TLS, the header of the PROXY protocol is read by then.
    ...(front && { onSocket: (socket) => front.receive(socket), policy: { proxyProtocol: 'off' } }),
  });
  server.listen();
  return server;
}

/** Without TLS a worker does not carry Node's, which takes 2.5 MB. */
async function frontOf(context: WorkerContext, secured: SecuredServer): Promise<TlsFront | undefined> {
  if (context.tls === undefined) return undefined;
  const { TlsFront } = await import('./tls-front.ts');
  return TlsFront.create(context, secured);
}

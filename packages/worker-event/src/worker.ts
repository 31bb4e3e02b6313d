import { ApplicationServer, TlsFront } from '@gunicorn-ts/http-server';
import type { Worker, WorkerContext } from '@gunicorn-ts/interface';
import { transportOf } from './transport-setting.ts';

/**
 * Serves many requests at a time. Resolves when connections are being taken on every listener.
 * @throws {OperatorError} when a listener or the TLS material cannot be used
 */
export async function startWorker(context: WorkerContext): Promise<Worker> {
  // The front is asked for nothing before the server listens.
  const front = TlsFront.create(context, {
    serveStream: (stream, ends, socket) => server.serveStream(stream, ends, socket),
    refuseSocket: (socket, error) => server.refuseSocket(socket, error),
  });
  const server = await ApplicationServer.create({
    context,
    transport: transportOf(context.settings),
    // In front of TLS, the header of the PROXY protocol is read by then.
    ...(front && { onSocket: (socket) => front.receive(socket), policy: { proxyProtocol: 'off' } }),
  });
  server.listen();
  return server;
}

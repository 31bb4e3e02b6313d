// The fault: a worker that is told to leave cuts what it has in hand.
import http from 'node:http';
import { defineWorker, type Worker } from '@gunicorn-ts/interface';

export default defineWorker({
  name: 'dropping-worker',
  interfaceVersion: 1,
  serves: { kinds: ['node'], concurrency: 'many', keepAlive: true, tls: false },
  async start({ application, listeners }): Promise<Worker> {
    if (application.kind !== 'node') throw new Error(`not ${application.kind}`);
    const { handler } = application;
    const server = http.createServer((request, response) => void handler(request, response));
    await new Promise<void>((resolve) => server.listen({ fd: listeners[0]!.fd }, resolve));
    return {
      async drain() {
        server.close();
        server.closeAllConnections();
      },
      inFlight: () => [],
    };
  },
});

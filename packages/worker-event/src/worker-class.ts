import { defineWorker, type WorkerClass } from '@gunicorn-ts/interface';
import { httpTransport } from './transport-setting.ts';

/**
 * The event worker: many requests at a time on the event loop of one process. The arbiter imports this
 * module too, for `name`, `serves` and `settings`; what serves requests is only loaded by `start`.
 */
const eventWorker: WorkerClass = defineWorker({
  name: 'event',
  interfaceVersion: 1,
  settings: [httpTransport],
  serves: {
    kinds: ['node', 'fetch', 'wsgi', 'asgi'],
    concurrency: 'many',
    keepAlive: true,
    tls: true,
    http2: true,
  },
  neverBlocks: true,
  async start(context) {
    const { startWorker } = await import('./worker.ts');
    return startWorker(context);
  },
});

export default eventWorker;

import { defineWorker, type WorkerClass } from '@gunicorn-ts/interface';
import { settingProblems } from './setting-problems.ts';

/**
 * The event worker: many requests at a time on the event loop of one process. The arbiter imports this
 * module too, for `name`, `serves` and `check`; what serves requests is only loaded by `start`.
 */
const eventWorker: WorkerClass = defineWorker({
  name: 'event',
  interfaceVersion: 1,
  serves: { kinds: ['node', 'fetch', 'wsgi'], concurrency: 'many', keepAlive: true, tls: true },
  check: settingProblems,
  async start(context) {
    const { EventWorker } = await import('./worker.ts');
    return EventWorker.start(context);
  },
});

export default eventWorker;

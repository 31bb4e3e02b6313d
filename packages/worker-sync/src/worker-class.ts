import { defineWorker, type WorkerClass } from '@gunicorn-ts/interface';
import { settingProblems } from './setting-problems.ts';

/**
 * The sync worker: one request at a time, taken from the kernel only when there is nothing else to do. The
 * arbiter imports this module too, for `name`, `serves` and `check`; what serves requests is only loaded by `start`.
 */
const syncWorker: WorkerClass = defineWorker({
  name: 'sync',
  interfaceVersion: 1,
  serves: { kinds: ['node', 'fetch', 'wsgi'], concurrency: 'one', keepAlive: false, tls: true },
  neverBlocks: true,
  check: settingProblems,
  async start(context) {
    const { SyncWorker } = await import('./worker.ts');
    return SyncWorker.start(context);
  },
});

export default syncWorker;

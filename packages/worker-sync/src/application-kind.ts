import type { WorkerContext } from '@gunicorn-ts/interface';
import type { Respond } from './respond.ts';
import { respondWithWsgi } from './kinds/wsgi.ts';

/** How the application answers. Kinds other than the one that is served are not loaded. */
export async function respondWith(context: WorkerContext): Promise<Respond> {
  const { application, settings, log } = context;
  switch (application.kind) {
    case 'wsgi':
      return respondWithWsgi({
        handler: application.handler,
        log,
        multiprocess: settings.workers > 1,
      });
    default:
      throw new Error(`The sync worker cannot serve ${application.kind}`);
  }
}

import type { WorkerContext } from '@gunicorn-ts/interface';
import type { Respond } from './respond.ts';

/** How the application answers. Kinds other than the one that is served are not loaded. */
export async function respondWith(context: WorkerContext): Promise<Respond> {
  const { application, settings, log } = context;
  switch (application.kind) {
    case 'wsgi': {
      const { respondWithWsgi } = await import('./kinds/wsgi.ts');
      return respondWithWsgi({
        handler: application.handler,
        log,
        multiprocess: settings.workers > 1,
      });
    }
    case 'fetch': {
      const { respondWithFetch } = await import('./kinds/fetch.ts');
      return respondWithFetch(application.handler);
    }
    default:
      throw new Error(`The sync worker cannot serve ${application.kind}`);
  }
}

import type { WorkerContext } from '@gunicorn-ts/interface';
import { type Fail, serveNode, type Serve } from './kinds/node.ts';
import type { Refusals } from './refusals.ts';
import type { Environs } from './request-observer.ts';

/** What serving needs besides the application. */
export interface ServingParts {
  readonly fail: Fail;
  readonly refusals: Refusals;
  readonly environs: Environs;
}

/** The function that serves this kind of application. What the other kinds need is not loaded. */
export async function serveApplication(
  context: WorkerContext,
  { fail, refusals, environs }: ServingParts,
): Promise<Serve> {
  const { application, settings, log } = context;
  switch (application.kind) {
    case 'node':
      return serveNode(application.handler, fail);
    case 'fetch': {
      const { serveFetch } = await import('./kinds/fetch.ts');
      return serveFetch({ handler: application.handler, fail, tls: context.tls !== undefined });
    }
    case 'wsgi': {
      const { serveWsgi } = await import('./kinds/wsgi.ts');
      return serveWsgi({
        handler: application.handler,
        input: application.input ?? 'whole',
        fail,
        refuseUnstored: (response, error) => refusals.refuseUnstored(response, error),
        spoolLimit: settings.limitSpooledBodies,
        log,
        multiprocess: settings.workers > 1,
        server: settings.serverHeader,
        environs: context.accessLog ? environs : undefined,
      });
    }
  }
}

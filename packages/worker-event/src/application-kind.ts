import type { WorkerContext } from '@gunicorn-ts/interface';
import { type Fail, serveNode, type Serve } from './kinds/node.ts';
import type { Environs } from './request-observer.ts';

/** The function that serves this kind of application. What the other kinds need is not loaded. */
export async function serveApplication(
  context: WorkerContext,
  fail: Fail,
  environs: Environs,
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
        log,
        multiprocess: settings.workers > 1,
        environs: context.accessLog ? environs : undefined,
      });
    }
  }
}

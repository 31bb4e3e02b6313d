import type { ResponseHeadWriter } from '@gunicorn-ts/http';
import type { WorkerContext, WsgiHandler } from '@gunicorn-ts/interface';
import type { Clock } from './clock.ts';
import type { HungAnswer } from './hung-answer.ts';
import type { Respond } from './respond.ts';
import type { Service } from './service.ts';
import type { Watch } from './watch.ts';

/** What serving needs besides the application. */
export interface ServiceParts {
  readonly writer: ResponseHeadWriter;
  readonly hung: HungAnswer;
  readonly watch: Watch;
  readonly clock: Clock;
}

/** How the application is served. What only other kinds need is not loaded. */
export async function serviceFor(context: WorkerContext, parts: ServiceParts): Promise<Service> {
  const { application } = context;
  if (application.kind === 'node') {
    const { NodeService } = await import('./kinds/node-service.ts');
    return new NodeService({ context, application, ...parts });
  }
  const [respond, { DirectService }] = await Promise.all([
    respondWith(context),
    import('./direct-service.ts'),
  ]);
  return new DirectService({ context, respond, ...parts });
}

async function respondWith({ application, settings, log }: WorkerContext): Promise<Respond> {
  if (application.kind === 'fetch') {
    const { respondWithFetch } = await import('./kinds/fetch.ts');
    return respondWithFetch(application.handler);
  }
  const { respondWithWsgi } = await import('./kinds/wsgi.ts');
  const handler = application.handler as WsgiHandler;
  return respondWithWsgi({ handler, log, multiprocess: settings.workers > 1 });
}

import { HttpRules, ResponseHeadWriter } from '@gunicorn-ts/http';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { BodyStore } from '@gunicorn-ts/wsgi';
import type { Service } from '../connection/service.ts';
import { DirectService } from '../kinds/direct/direct-service.ts';
import type { Respond } from '../kinds/direct/answer.ts';
import { NodeService } from '../kinds/node/node-service.ts';
import { identifying } from '../observe/request-id.ts';
import { RequestObserver } from '../observe/request-observer.ts';
import type { Gate } from './gate.ts';
import { ApplicationHost } from './node-host.ts';
import { Refusals } from './refusals.ts';
import { UpgradedSockets } from './upgraded-sockets.ts';

/** How a worker class wants its application served. */
export interface KindOptions {
  readonly context: WorkerContext;
  /** Whether one request at a time is served: then bodies arrive whole first, and no other request runs meanwhile. */
  readonly isAlone: boolean;
  /** Lets requests that have arrived to the application when it is their turn. Default: at once. */
  readonly gate?: Gate;
  /** Whether the application may take connections over, with `Upgrade` or `CONNECT`. Default: true. */
  readonly upgrades?: boolean;
}

/** How an application is served, and what it has taken over. */
export interface KindService {
  readonly service: Service;
  readonly upgraded: UpgradedSockets;
  /** Tells what runs that the worker leaves; see `AsgiGateway`. */
  leave?(deadlineMs: number): void;
}

/** What the other kinds need is not loaded. */
export async function serviceOf(options: KindOptions): Promise<KindService> {
  const { context, isAlone, gate, upgrades = true } = options;
  const { application, settings, log, meter } = context;
  const bodies = new BodyStore(settings.limitSpooledBodies);
  const writer = new ResponseHeadWriter(settings.serverHeader);
  const rules = new HttpRules(settings);
  const observer = new RequestObserver(context, (address) => rules.trustsForwarder(address));
  const refusals = new Refusals({ log, writer, observer });
  const upgraded = new UpgradedSockets(context);
  if (application.kind === 'node') {
    const { handler, server: own } = application;
    const keepAliveMs = settings.keepalive * 1000;
    const host = new ApplicationHost({
      handler,
      serverHeader: settings.serverHeader,
      own,
      writer,
      observer,
      refusals,
      upgraded,
      log,
      keepAliveMs,
      meter,
      gate,
      bodies,
      upgrades,
    });
    return { service: identifying(new NodeService(host), settings, rules), upgraded };
  }
  const { respond, leave } = await respondWith(context, isAlone);
  const streams = !isAlone && (application.kind !== 'wsgi' || application.input === 'stream');
  const input = streams ? 'stream' : 'whole';
  const direct = new DirectService({
    respond,
    input,
    bodies,
    writer,
    observer,
    refusals,
    log,
    meter,
    gate,
  });
  return {
    service: identifying(direct, settings, rules),
    upgraded,
    ...(leave && { leave }),
  };
}

/** How requests are answered, and what is told when the worker leaves. */
interface Responding extends Pick<KindService, 'leave'> {
  readonly respond: Respond;
}

async function respondWith(context: WorkerContext, isAlone: boolean): Promise<Responding> {
  const { application, settings, log } = context;
  if (application.kind === 'fetch') {
    const { respondWithFetch } = await import('../kinds/fetch/fetch.ts');
    return { respond: respondWithFetch(application.handler) };
  }
  if (application.kind === 'asgi') {
    const { serveAsgi } = await import('../kinds/asgi/asgi.ts');
    return serveAsgi(application, context);
  }
  if (application.kind !== 'wsgi') throw new TypeError(`${application.kind} is served in another way`);
  const { respondWithWsgi } = await import('../kinds/wsgi/wsgi.ts');
  const { handler } = application;
  const multiprocess = settings.workers > 1;
  return { respond: respondWithWsgi({ handler, log, multithread: !isAlone, multiprocess }) };
}

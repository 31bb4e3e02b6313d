import type { Server } from 'node:http';
import type { Application, ListenAddress, Loader, LoaderContext } from '@gunicorn-ts/interface';
import { applicationError } from '../errors.ts';
import { ServerAdoption } from './adopted-server.ts';
import { namedExport, usableExport } from './exports.ts';
import { serverApplication } from './framework.ts';
import type { AskListener } from '../listener-requests.ts';
import { ownTls } from './own-tls.ts';
import { importAsMain } from './main-module.ts';
import { findModule } from './module-path.ts';
import { refuseClusters } from './own-processes.ts';
import { portOf } from './public-server.ts';
import { QuietLoop } from './quiet-loop.ts';
import { moduleOf, parseTarget } from './target.ts';

/** How long a script without a usable export may take until it listens, in milliseconds. */
const LATE_LISTEN_MS = 30_000;

/** What the loader needs of the worker around it. */
export interface JavascriptLoaderOptions {
  /** Where the arbiter listens. */
  readonly addresses: readonly ListenAddress[];
  /** Opens the sockets of further servers. */
  readonly ask?: AskListener;
}

/** Loads applications written in JavaScript or TypeScript. */
export function createJavascriptLoader({ addresses, ask }: JavascriptLoaderOptions): Loader {
  return {
    name: 'javascript',
    interfaceVersion: 1,

    async recognise(text, context) {
      const search = findModule(moduleOf(text), context.cwd);
      if (search.url !== undefined) return { found: true };
      const hint = search.suggestion === undefined ? [] : [`did you mean ${search.suggestion}?`];
      return { found: false, looked: [...search.looked, ...hint] };
    },

    async load(text, context) {
      const target = parseTarget(text);
      const search = findModule(target.module, context.cwd);
      if (search.url === undefined) {
        throw applicationError('ERR_APP_NOT_FOUND', `app: ${target.module} was there and is gone`);
      }
      const quiet = new QuietLoop();
      const adoption = new ServerAdoption({
        log: context.log,
        addresses,
        port: portOf(context.env),
        ...(ask === undefined || context.mode === 'check' ? {} : { ask }),
      });
      refuseClusters();
      const namespace = await importAsMain(search.url);
      const kind = context.settings.applicationKind;
      if (target.exportName !== undefined) {
        const recognition = await namedExport(namespace, target, kind);
        return served(await recognition.prepare(), adoption, context);
      }
      const usable = await usableExport(namespace, kind);
      if (usable.found) {
        context.log.debug(`Application: ${usable.shape}, exported as ${usable.exportName}`);
        return served(await usable.prepare(), adoption, context);
      }
      const server = await adoption.settle(quiet, LATE_LISTEN_MS);
      if (server !== undefined) return served(serverApplication(server), adoption, context);
      throw applicationError('ERR_APP_NOT_RECOGNISED', nothingUsable(text, usable.shape));
    },
  };
}

/** The loader that the worker host asks by default. */
export const javascriptLoader: Loader = createJavascriptLoader({ addresses: [] });

/**
 * A script that also listens by itself is served through the server it made when that says more than
 * the export: libraries such as socket.io hang their own listeners on it.
 */
function served(application: Application, adoption: ServerAdoption, context: LoaderContext): Application {
  const server = adoption.choose((candidate) => isServing(candidate, application));
  const ownServer = application.kind === 'node' ? application.server : undefined;
  if (server === undefined || ownServer !== undefined || server.listenerCount('upgrade') === 0) {
    return leaving(withTls(application, server ?? ownServer, context), adoption);
  }
  const close = application.close?.bind(application);
  const both = { ...serverApplication(server), ...(close === undefined ? {} : { close }) };
  return leaving(withTls(both, server, context), adoption);
}

/** What `https.createServer` was given is not lost with the server that it made. */
function withTls(
  application: Application,
  server: Server | undefined,
  { settings, log }: LoaderContext,
): Application {
  if (server === undefined || settings.certfile !== undefined) return application;
  const tls = ownTls(server);
  if (tls === undefined) return application;
  log.info(
    "The listeners of the arbiter speak TLS, with the key and certificate of the application's server",
  );
  return { ...application, tls };
}

function isServing(server: Server, application: Application): boolean {
  if (application.kind !== 'node') return false;
  if (application.server === server) return true;
  return (server.listeners('request') as readonly unknown[]).includes(application.handler);
}

/** Further servers take nothing new from the moment on that the application is to close. */
function leaving(application: Application, adoption: ServerAdoption): Application {
  const close = application.close?.bind(application);
  return {
    ...application,
    close: async () => {
      await adoption.closeFurther();
      await close?.();
    },
  };
}

function nothingUsable(text: string, shape: string): string {
  return (
    `app: no application was found in ${text}: ${shape}, and no HTTP server listened. Export (req, res) => …, ` +
    '(request) => Response, { fetch }, or an instance of Express, Fastify, Koa, Hono or http.Server as default; ' +
    'or name the export: MODULE:EXPORT'
  );
}

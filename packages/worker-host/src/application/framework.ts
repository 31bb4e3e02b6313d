import type { Server } from 'node:http';
import type { Application, NodeHandler } from '@gunicorn-ts/interface';

/** A value that comes from a framework, or from Node itself, and how it becomes an application. */
export interface Framework {
  /** For the log. */
  readonly shape: string;
  matches(value: object): boolean;
  application(value: object): Application | Promise<Application>;
}

type Members = Record<string, unknown>;
type Call = (...parameters: unknown[]) => unknown;

const member = (value: object, name: string): unknown => (value as Members)[name];
const has = (value: object, ...names: string[]): boolean =>
  names.every((name) => typeof member(value, name) === 'function');
const call = (value: object, name: string, ...parameters: unknown[]): unknown =>
  (member(value, name) as Call).apply(value, parameters);

/** By its members: a server of another copy of `node:http` (a proxied or patched one) counts too. */
export function isHttpServer(value: unknown): value is Server {
  return (
    typeof value === 'object' &&
    value !== null &&
    has(value, 'listen', 'close', 'emit', 'listenerCount') &&
    ('headersTimeout' in value || (value as Server).listenerCount('request') > 0)
  );
}

/** The application that a server of `node:http` (or https, or http2) calls. */
export function serverApplication(server: Server): Application {
  return {
    kind: 'node',
    handler: (request, response) => server.emit('request', request, response),
    server,
  };
}

const withServer = (handler: NodeHandler, server: unknown, close: () => unknown): Application =>
  isHttpServer(server) ? { kind: 'node', handler, server, close } : { kind: 'node', handler, close };

/** Asked in order; the first that matches wins. Plain functions and `{ fetch }` come after them. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    shape: 'http.Server',
    matches: isHttpServer,
    application: (value) => serverApplication(value as Server),
  },
  {
    shape: 'Express application',
    matches: (value) => typeof value === 'function' && has(value, 'handle', 'use'),
    application: (value) => ({ kind: 'node', handler: value as NodeHandler }),
  },
  {
    shape: 'Fastify instance',
    matches: (value) => has(value, 'routing', 'ready'),
    application: async (value) => {
      await call(value, 'ready');
      const handler = (member(value, 'routing') as Call).bind(value) as NodeHandler;
      return withServer(handler, member(value, 'server'), () => call(value, 'close'));
    },
  },
  {
    shape: 'Nest application',
    matches: (value) => has(value, 'getHttpAdapter', 'init'),
    application: async (value) => {
      await call(value, 'init');
      const instance = call(call(value, 'getHttpAdapter') as object, 'getInstance') as object;
      const close = (): unknown => call(value, 'close');
      if (typeof instance === 'function') {
        return withServer(instance as NodeHandler, call(value, 'getHttpServer'), close);
      }
      await call(instance, 'ready');
      const handler = (member(instance, 'routing') as Call).bind(instance) as NodeHandler;
      return withServer(handler, call(value, 'getHttpServer'), close);
    },
  },
  {
    shape: 'Koa application',
    matches: (value) => has(value, 'callback', 'use') && Array.isArray(member(value, 'middleware')),
    application: (value) => ({ kind: 'node', handler: call(value, 'callback') as NodeHandler }),
  },
  {
    shape: 'hapi server',
    matches: (value) => has(value, 'initialize', 'route') && isHttpServer(member(value, 'listener')),
    application: async (value) => {
      await call(value, 'initialize');
      const server = serverApplication(member(value, 'listener') as Server);
      return { ...server, close: () => call(value, 'stop') };
    },
  },
  {
    shape: 'Restify server',
    matches: (value) => has(value, 'use', 'listen') && isHttpServer(member(value, 'server')),
    application: (value) => serverApplication(member(value, 'server') as Server),
  },
];

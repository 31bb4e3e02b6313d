import type * as Http from 'node:http';
import { block } from './block.ts';
import { load } from './packages.ts';

interface Reply {
  header(name: string, value: string): Reply;
  send(body: string): Reply;
}

export interface Instance {
  get(path: string, handler: (request: unknown, reply: Reply) => void): void;
  listen(options: { port: number; host: string }): Promise<string>;
}

export interface FastifyOptions {
  readonly serverFactory?: (handler: Http.RequestListener) => Http.Server;
}

/** Fastify takes the server that it listens with when it is made, not later. */
export function makeFastify(options: FastifyOptions = {}): Instance {
  const fastify = load('fastify') as (options: FastifyOptions) => Instance;
  const instance = fastify(options);
  instance.get('/', (_request, reply) => {
    reply.header('Content-Type', 'text/plain').send('Hello, world!\n');
  });
  instance.get('/block', (_request, reply) => {
    block();
    reply.header('Content-Type', 'text/plain').send('Hello, world!\n');
  });
  return instance;
}

// Program: Fastify, from the npm folder argv[2], on port argv[3].
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { block } from '../applications/block.ts';

interface Reply {
  header(name: string, value: string): Reply;
  send(body: string): Reply;
}
interface Instance {
  get(path: string, handler: (request: unknown, reply: Reply) => void): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

const [, , folder = '', port = '0'] = process.argv;
const fastify = createRequire(join(folder, 'package.json'))('fastify') as (options: object) => Instance;
const server = fastify({ forceCloseConnections: true });
server.get('/', (_request, reply) => {
  reply.header('Content-Type', 'text/plain').send('Hello, world!\n');
});
server.get('/block', (_request, reply) => {
  block();
  reply.header('Content-Type', 'text/plain').send('Hello, world!\n');
});
process.once('SIGTERM', () => void server.close());
await server.listen({ port: Number(port), host: '127.0.0.1' });

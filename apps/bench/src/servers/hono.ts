// Program: Hono with its adapter for Node, from the npm folder argv[2], on port argv[3].
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { block } from '../applications/block.ts';

interface Call {
  text(body: string): Response;
}
interface Application {
  readonly fetch: (request: Request) => Response;
  get(path: string, handler: (call: Call) => Response): void;
}
interface Packages {
  readonly Hono: new () => Application;
  serve(options: { fetch: Application['fetch']; port: number; hostname: string }): Server;
}

const [, , folder = '', port = '0'] = process.argv;
const load = createRequire(join(folder, 'package.json'));
const { Hono } = load('hono') as Packages;
const { serve } = load('@hono/node-server') as Packages;
const application = new Hono();
application.get('/', (call) => call.text('Hello, world!\n'));
application.get('/block', (call) => {
  block();
  return call.text('Hello, world!\n');
});
const server = serve({ fetch: application.fetch, port: Number(port), hostname: '127.0.0.1' });
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

// Program: serves the application at argv[2] on port argv[3] with node:http and nothing else.
import type * as Http from 'node:http';
import { createRequire } from 'node:module';

// Not by `import`, which reads every export of the module, and so loads the WebSocket client: 10 MB that a bare
// process need not have.
const { createServer } = createRequire(import.meta.url)('node:http') as typeof Http;
const [, , application = '', port = '0'] = process.argv;
const { default: handler } = (await import(application)) as { default: Http.RequestListener };
const server = createServer(handler).listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

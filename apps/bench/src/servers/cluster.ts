// Program: serves the application at argv[2] on port argv[3] with node:cluster, in argv[4] workers.
import cluster from 'node:cluster';
import type * as Http from 'node:http';
import { createRequire } from 'node:module';

const [, , application = '', port = '0', workers = '1'] = process.argv;
if (cluster.isPrimary) {
  for (let count = Number(workers); count > 0; count--) cluster.fork();
  process.once('SIGTERM', () => cluster.disconnect(() => process.exit(0)));
} else {
  const { createServer } = createRequire(import.meta.url)('node:http') as typeof Http;
  const { default: handler } = (await import(application)) as { default: Http.RequestListener };
  createServer(handler).listen(Number(port), '127.0.0.1');
}

// Program: serves the application at argv[2] on port argv[3] with node:http and nothing else.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const [, , application = '', port = '0'] = process.argv;
const { default: handler } = (await import(application)) as { default: RequestListener };
const server = createServer(handler).listen(Number(port), '127.0.0.1', () => {
  const address = server.address() as AddressInfo;
  process.stderr.write(`Listening at: http://127.0.0.1:${address.port} (${process.pid})\n`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

// Program: serves the application at argv[3] on port argv[4] with the createServer of argv[2], `node` or `engine`, and
// nothing else. argv[5] is how many seconds an idle connection is kept.
import type { RequestListener } from 'node:http';
import { createServerOf, leaveOnTerm } from './create-server.ts';

const [, , maker = '', path = '', port = '0', keepAlive] = process.argv;
const createServer = await createServerOf(maker);
const { default: application } = (await import(path)) as {
  default: RequestListener | { callback(): RequestListener };
};
const handler = typeof application === 'function' ? application : application.callback();
const server = createServer(handler);
if (keepAlive !== undefined) server.keepAliveTimeout = Number(keepAlive) * 1000;
// As long a queue as our own listeners have.
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 2048 });
leaveOnTerm();

// Program: Fastify that listens by itself on port argv[3], with the createServer of argv[2]: `node` or `engine`.
import { makeFastify } from '../applications/fastify.ts';
import { createServerOf, leaveOnTerm } from './create-server.ts';

const [, , maker = '', port = '0'] = process.argv;
const createServer = await createServerOf(maker);
const server = makeFastify(maker === 'engine' ? { serverFactory: (handler) => createServer(handler) } : {});
leaveOnTerm();
await server.listen({ port: Number(port), host: '127.0.0.1' });

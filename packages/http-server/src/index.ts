export { createServer } from './server/create-server.ts';
export { Server, type ServerOptions } from './server/server.ts';

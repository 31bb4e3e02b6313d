export { createServer } from './server/create-server.ts';
export { Server } from './server/server.ts';
export type { ServerOptions } from './server/server-options.ts';

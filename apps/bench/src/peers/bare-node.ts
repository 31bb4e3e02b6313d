import { fileURLToPath } from 'node:url';
import { hello } from '../applications.ts';
import type { Peer } from '../peer.ts';

const server = fileURLToPath(new URL('../servers/bare.ts', import.meta.url));

/** One process, `http.createServer(application).listen(port)`: what people run before they want more. */
export const bareNode: Peer = {
  name: 'node',
  title: 'node:http',
  prepare: () => Promise.resolve(process.version),
  launch: ({ application = hello.node, port }) => ({
    command: [process.execPath, server, application, String(port)],
  }),
};

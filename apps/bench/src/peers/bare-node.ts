import type { Peer } from '../peer.ts';
import { RunningServer } from '../running-server.ts';

const server = new URL('../servers/bare.ts', import.meta.url).pathname;

/** One process, `http.createServer(application).listen(port)`: what people run before they want more. */
export const bareNode: Peer = {
  name: 'bare node:http',
  start({ application, port = 0, connections }) {
    return new RunningServer([process.execPath, server, application, String(port)], connections);
  },
};

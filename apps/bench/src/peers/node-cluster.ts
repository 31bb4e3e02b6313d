import { fileURLToPath } from 'node:url';
import { hello } from '../applications.ts';
import type { Peer } from '../peer.ts';

const server = fileURLToPath(new URL('../servers/cluster.ts', import.meta.url));

/** What PM2's cluster mode is made of: the parent accepts, and hands each connection to a worker. */
export const nodeCluster: Peer = {
  name: 'cluster',
  title: 'node:cluster',
  prepare: () => Promise.resolve(process.version),
  launch: ({ application = hello.node, port, workers }) => ({
    command: [process.execPath, server, application, String(port), String(workers)],
  }),
};

import type { Peer } from '../peer.ts';
import { RunningServer } from '../running-server.ts';

const server = new URL('../servers/cluster.ts', import.meta.url).pathname;

/** What PM2's cluster mode is made of: the parent accepts, and hands each connection to a worker. */
export const nodeCluster: Peer = {
  name: 'node:cluster',
  start({ application, port = 0, workers }) {
    return new RunningServer([
      ...ONE_CORE,
      process.execPath,
      server,
      application,
      String(port),
      String(workers),
    ]);
  },
};

/** The second core: the first is the load's. */
export const ONE_CORE: readonly string[] = ['taskset', '-c', '1'];

import type { Claim } from '../claim.ts';
import { WRK } from '../load/wrk.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import type { Peer } from '../peer.ts';
import { SERVERS } from '../peers.ts';
import { bareNode } from '../peers/bare-node.ts';
import { event } from '../peers/event.ts';
import { gunicornSync } from '../peers/gunicorn-python.ts';
import { nginx } from '../peers/nginx.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { sync, syncFetch, syncNode } from '../peers/sync.ts';
import { CPU, RATE } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = [8, 64];

export const connection: Scenario = {
  name: 'connection',
  title: 'A connection for each request',
  about:
    'One worker on one core, wrk on another, each request on a connection of its own; rounds in turn, medians.',
  peers: SERVERS,
  tools: [WRK],
  drawn: [CPU, RATE],
  minutes: 6.5,
  claims: [
    atMost(sync, nginx, 0.95),
    atMost(sync, gunicornSync, 0.35),
    atMost(sync, nodeCluster, 0.25),
    atMost(syncFetch, nginx, 1.1),
    atMost(syncNode, bareNode, 0.65),
    atMost(event, bareNode, 0.65),
  ],
  run: (context) => plainLoad(context, { clients: CLIENTS, keepAlive: false }),
};

function atMost(ours: Peer, theirs: Peer, most: number): Claim {
  return { quantity: CPU, group: groupName(8), peer: ours.title, against: theirs.title, limit: { most } };
}

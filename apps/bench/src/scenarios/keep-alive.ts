import type { Claim } from '../claim.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import { WRK } from '../load/wrk.ts';
import type { Peer } from '../peer.ts';
import { bareNode, engine } from '../peers/bare-node.ts';
import { bun } from '../peers/bun.ts';
import { event, eventFetch, eventWsgi } from '../peers/event.ts';
import { fastify, hono } from '../peers/frameworks.ts';
import { gunicornGevent, gunicornGthread } from '../peers/gunicorn-python.ts';
import { nginx } from '../peers/nginx.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { pm2 } from '../peers/pm2.ts';
import { CPU, P50, RATE } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

const MANY = 64;
const FEW = [1, 8];

export const keepAlive: Scenario = {
  name: 'keep-alive',
  title: 'Connections that are kept',
  about:
    'One worker on one core, wrk on another, request after request on the same connections; rounds in turn, medians. ' +
    'Sync workers close each connection and are not asked.',
  peers: [
    event,
    eventFetch,
    eventWsgi,
    engine,
    bareNode,
    nodeCluster,
    pm2,
    fastify.onNode,
    hono.onNode,
    bun,
    nginx,
    gunicornGthread,
    gunicornGevent,
  ],
  tools: [WRK],
  drawn: [CPU, RATE],
  minutes: 7.5,
  claims: [
    atMost(eventWsgi, nginx, 1.2),
    atMost(eventFetch, nginx, 1.35),
    atMost(eventFetch, bun, 1),
    ...[event, engine].flatMap((ours) => [
      atMost(ours, bareNode, 0.7),
      ...FEW.flatMap((clients) => [
        atMost(ours, bareNode, 0.7, { clients }),
        // Cheaper, and not by letting anybody wait.
        atMost(ours, bareNode, 1, { clients, quantity: P50 }),
      ]),
    ]),
  ],
  run: (context) => plainLoad(context, { clients: [...FEW, MANY], keepAlive: true }),
};

function atMost(ours: Peer, theirs: Peer, most: number, { clients = MANY, quantity = CPU } = {}): Claim {
  return { quantity, group: groupName(clients), peer: ours.title, against: theirs.title, limit: { most } };
}

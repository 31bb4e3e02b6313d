import { WRK } from '../load/wrk.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import { bareNode } from '../peers/bare-node.ts';
import { bun } from '../peers/bun.ts';
import { event, eventFetch } from '../peers/event.ts';
import { fastify } from '../peers/fastify.ts';
import { gunicornGevent, gunicornGthread } from '../peers/gunicorn-python.ts';
import { hono } from '../peers/hono.ts';
import { nginx } from '../peers/nginx.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { pm2 } from '../peers/pm2.ts';
import { CPU, RATE } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = [8, 64];

export const keepAlive: Scenario = {
  name: 'keep-alive',
  title: 'Connections that are kept',
  about:
    'One worker on one core, wrk on another, request after request on the same connections; rounds in turn, medians. ' +
    'Sync workers close each connection and are not asked.',
  peers: [
    event,
    eventFetch,
    bareNode,
    nodeCluster,
    pm2,
    fastify,
    hono,
    bun,
    nginx,
    gunicornGthread,
    gunicornGevent,
  ],
  tools: [WRK],
  drawn: [CPU, RATE],
  claims: [
    { quantity: CPU, group: groupName(64), peer: event.title, against: bareNode.title, limit: { most: 1.1 } },
    {
      quantity: CPU,
      group: groupName(64),
      peer: eventFetch.title,
      against: hono.title,
      limit: { most: 1.1 },
    },
  ],
  run: (context) => plainLoad(context, { clients: CLIENTS, keepAlive: true }),
};

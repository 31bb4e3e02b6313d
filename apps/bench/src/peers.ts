import type { Peer } from './peer.ts';
import { bareNode } from './peers/bare-node.ts';
import { bun } from './peers/bun.ts';
import { event, eventFetch, eventUnwatched } from './peers/event.ts';
import { fastify } from './peers/fastify.ts';
import { gunicornGevent, gunicornGthread, gunicornSync } from './peers/gunicorn-python.ts';
import { hono } from './peers/hono.ts';
import { nginx } from './peers/nginx.ts';
import { nodeCluster } from './peers/node-cluster.ts';
import { pm2 } from './peers/pm2.ts';
import { PYTHON_PEERS } from './peers/python.ts';
import { sync, syncFetch, syncLog, syncNode } from './peers/sync.ts';

/** Everybody who can be measured. A scenario names those it can ask. */
export const PEERS: readonly Peer[] = [
  sync,
  syncLog,
  syncFetch,
  syncNode,
  event,
  eventFetch,
  eventUnwatched,
  bareNode,
  nodeCluster,
  pm2,
  fastify,
  hono,
  bun,
  nginx,
  gunicornSync,
  gunicornGthread,
  gunicornGevent,
  ...PYTHON_PEERS,
];

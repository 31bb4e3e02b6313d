import type { Peer } from './peer.ts';
import { LOG_PEERS } from './peers/access-log.ts';
import { ASGI_PEERS } from './peers/asgi.ts';
import { bareNode, engine } from './peers/bare-node.ts';
import { eventBefore, syncBefore } from './peers/before.ts';
import { UNCOUNTED_PEERS } from './peers/counters.ts';
import { bun } from './peers/bun.ts';
import { event, eventFetch, eventUnwatched, eventWsgi } from './peers/event.ts';
import { fastify, FRAMEWORK_PEERS, hono } from './peers/frameworks.ts';
import { gunicornGevent, gunicornGthread, gunicornSync } from './peers/gunicorn-python.ts';
import { nginx } from './peers/nginx.ts';
import { nodeCluster } from './peers/node-cluster.ts';
import { pm2 } from './peers/pm2.ts';
import { PYTHON_PEERS } from './peers/python.ts';
import { sync, syncFetch, syncNode } from './peers/sync.ts';

/** Servers of each kind, with an application of their own dialect. */
export const SERVERS: readonly Peer[] = [
  sync,
  syncFetch,
  syncNode,
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
  gunicornSync,
  gunicornGthread,
  gunicornGevent,
];

/** Everybody who can be measured. A scenario names those it can ask. */
export const PEERS: readonly Peer[] = [
  ...new Set([
    ...SERVERS,
    eventUnwatched,
    ...LOG_PEERS,
    ...UNCOUNTED_PEERS,
    ...FRAMEWORK_PEERS,
    eventBefore,
    syncBefore,
    ...PYTHON_PEERS,
    ...ASGI_PEERS,
  ]),
];

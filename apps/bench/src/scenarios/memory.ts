import type { Claim } from '../claim.ts';
import { inTurnUnstarted, type Result, withServer } from '../field.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { bareNode, engine } from '../peers/bare-node.ts';
import { eventBefore, syncBefore } from '../peers/before.ts';
import { event, eventUnwatched } from '../peers/event.ts';
import { gunicornGevent, gunicornGthread, gunicornSync } from '../peers/gunicorn-python.ts';
import { nginx } from '../peers/nginx.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { pm2 } from '../peers/pm2.ts';
import { sync } from '../peers/sync.ts';
import { childrenOf, memoryOf, processTree } from '../process-tree.ts';
import { ownQuantity, PSS } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 3;
const MEGABYTE = 1024 * 1024;
/** Before it has served anything, no process has touched the code that serves. */
const FIRST_REQUESTS = 100;
const FOUR = '4 workers (node:http: the one process)';
const ONE = '1 worker';
const WORKER = ownQuantity('RSS of a worker', 'MB');
const PARENT = ownQuantity('RSS of the parent', 'MB');

interface Sample {
  /** Bytes. */
  readonly pssOfFour: number;
  readonly workerRss: number;
  /** Of the process above the workers, where there is one. */
  readonly parentRss: number | undefined;
}

export const memory: Scenario = {
  name: 'memory',
  title: 'Memory',
  about:
    `PSS of the whole process tree with 4 workers, and RSS of the processes with one, after ${FIRST_REQUESTS} requests; ` +
    `medians of ${ROUNDS} starts in turn.`,
  peers: [
    sync,
    event,
    eventUnwatched,
    eventBefore,
    syncBefore,
    engine,
    bareNode,
    nodeCluster,
    pm2,
    nginx,
    gunicornSync,
    gunicornGthread,
    gunicornGevent,
  ],
  drawn: [PSS],
  minutes: 3,
  claims: [
    {
      quantity: WORKER,
      group: ONE,
      peer: event.title,
      against: bareNode.title,
      by: 'difference',
      limit: { most: 18 },
    },
    {
      quantity: WORKER,
      group: ONE,
      peer: eventUnwatched.title,
      against: bareNode.title,
      by: 'difference',
      limit: { most: 6 },
    },
    ...noWorse(event, eventBefore),
    ...noWorse(sync, syncBefore),
    { quantity: PARENT, group: ONE, peer: event.title, limit: { most: 65 } },
  ],
  async run(context) {
    const results = await inTurnUnstarted(context, context.quick ? 1 : ROUNDS, sample);
    return results.flatMap(figures);
  },
};

/** A worker takes no more than it took, but for what two starts of the same one lie apart. */
function noWorse({ title: peer }: Peer, { title: against }: Peer): Claim[] {
  return [{ quantity: WORKER, group: ONE, peer, against, limit: { most: 1.02 } }];
}

async function sample(peer: Peer): Promise<Sample> {
  const pssOfFour = await withServer(peer, { workers: 4 }, async (server) => {
    await firstRequests(server);
    return processTree(server.pid).reduce((sum, one) => sum + memoryOf(one).pss, 0);
  });
  return withServer(peer, { workers: 1 }, async (server) => {
    await firstRequests(server);
    const { pid } = server;
    const [worker] = childrenOf(pid);
    return {
      pssOfFour,
      workerRss: memoryOf(worker ?? pid).rss,
      parentRss: worker === undefined ? undefined : memoryOf(pid).rss,
    };
  });
}

async function firstRequests(server: RunningServer): Promise<void> {
  const { port } = server;
  for (let count = 0; count < FIRST_REQUESTS; count++) await firstAnswer({ port, timeoutMs: 10_000 });
  await server.settled();
}

function figures({ peer, rounds }: Result<Sample>): Measurement[] {
  const megabytes = (pick: (one: Sample) => number | undefined): number[] =>
    rounds.flatMap((one) => pick(one) ?? []).map((bytes) => bytes / MEGABYTE);
  const parents = megabytes((one) => one.parentRss);
  const one = { peer: peer.title, group: ONE };
  return [
    ofRounds(
      { peer: peer.title, group: FOUR },
      PSS,
      megabytes((sample) => sample.pssOfFour),
    ),
    ofRounds(
      one,
      WORKER,
      megabytes((sample) => sample.workerRss),
    ),
    ...(parents.length === 0 ? [] : [ofRounds(one, PARENT, parents)]),
  ];
}

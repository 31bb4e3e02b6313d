import { setTimeout as sleep } from 'node:timers/promises';
import { countFailures, describeFailures } from '../failures.ts';
import { oneByOne, withServer } from '../field.ts';
import { askWhile, type Asked } from '../load/client.ts';
import type { Measurement } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { event } from '../peers/event.ts';
import { gunicornGevent, gunicornGthread, gunicornSync } from '../peers/gunicorn-python.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { pm2 } from '../peers/pm2.ts';
import { sync } from '../peers/sync.ts';
import { FAILED, ownQuantity, P50, P99, P999 } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

const WORKERS = 8;
const CLIENTS = 8;
const BLOCK_EVERY = 100;
const SECONDS = 10;
/** Enough that some request is blocked. */
const QUICK_SECONDS = 2;

const ASKED = ownQuantity('requests', '', 'more');

export const blocked: Scenario = {
  name: 'blocked',
  title: 'One request in a hundred blocks its worker',
  about:
    `${WORKERS} workers, ${CLIENTS} clients, a connection for each request, of which one in ${BLOCK_EVERY} blocks its ` +
    `worker for 200 ms: how long the others take. ${SECONDS} s each.`,
  peers: [sync, event, nodeCluster, pm2, gunicornSync, gunicornGthread, gunicornGevent],
  drawn: [P99],
  minutes: 2,
  claims: [{ quantity: P99, group: '', peer: sync.title, limit: { most: 5 } }],
  async run(context) {
    const seconds = context.quick ? QUICK_SECONDS : SECONDS;
    const measure = (peer: Peer): Promise<Asked> =>
      withServer(peer, { workers: WORKERS }, ({ port }) =>
        askWhile({ port, clients: CLIENTS, keepAlive: false, blockEvery: BLOCK_EVERY }, () =>
          sleep(seconds * 1000),
        ),
      );
    const results = await oneByOne(context, measure);
    return results.flatMap(({ peer, result }) => figures(peer, result));
  },
};

function figures({ title }: Peer, { plain, blocked, failures }: Asked): Measurement[] {
  const whose = { peer: title, group: '' };
  return [
    { ...whose, quantity: P50, value: plain.p50 },
    { ...whose, quantity: P99, value: plain.p99 },
    { ...whose, quantity: P999, value: plain.p999 },
    { ...whose, quantity: ASKED, value: plain.count, note: `and ${blocked.count} that blocked` },
    { ...whose, quantity: FAILED, value: countFailures(failures), note: describeFailures(failures) },
  ];
}

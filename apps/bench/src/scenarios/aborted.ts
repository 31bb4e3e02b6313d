import { transfers } from '../applications.ts';
import type { Claim } from '../claim.ts';
import { oneByOne, withServer } from '../field.ts';
import type { Seen } from '../applications/download.ts';
import { abortRequests } from '../load/aborts.ts';
import { ask } from '../load/ask.ts';
import type { Measurement } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { bareNode, engine } from '../peers/bare-node.ts';
import { event, eventFetch } from '../peers/event.ts';
import { syncFetch, syncNode } from '../peers/sync.ts';
import { childrenOf, descriptorsLeft, descriptorsOf, memoryOf } from '../process-tree.ts';
import { ownQuantity } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const REQUESTS = 100_000;
const QUICK_REQUESTS = 2000;
/** Code gets compiled, heaps and caches get their size: this part of the requests comes before the first look. */
const WARM_UP = 0.2;
const LEAVE_MS = 20_000;
const MEGABYTE = 1024 * 1024;

const ABORTED = ownQuantity('aborted', '', 'more');
const NOTICED = ownQuantity('noticed by the application', '', 'more');
const DESCRIPTORS = ownQuantity('descriptors more', '');
const HEAP = ownQuantity('heap more', 'MB');
const RSS_MORE = ownQuantity('RSS more', 'MB');

const ON_FETCH: readonly Peer[] = [eventFetch, syncFetch];
const OURS: readonly Peer[] = [event, eventFetch, engine, syncNode, syncFetch];

/** Bytes. */
interface Memory {
  readonly heap: number;
  readonly rss: number;
}

/** What is held after the requests more than before. */
interface Growth extends Memory {
  readonly aborted: number;
  readonly noticed: number;
  readonly descriptors: number;
}

export const aborted: Scenario = {
  name: 'aborted',
  title: 'A hundred thousand transfers that the client leaves',
  about:
    `${REQUESTS} requests whose client leaves in the middle, uploads and downloads, by resets and by orderly ends, from 32 ` +
    `clients to one worker: what it holds afterwards more than after the ${REQUESTS * WARM_UP} before them.`,
  // What grows under node:http is not ours: it is asked before the time can be up.
  peers: [event, bareNode, ...OURS.slice(1)],
  drawn: [],
  minutes: 6,
  claims: OURS.flatMap((peer) => [
    atMost(peer, DESCRIPTORS, 0),
    // Ten bytes a request: the least that could be forgotten of one is more.
    atMost(peer, HEAP, 1),
    // V8 takes and gives back whole pages, and the allocator of C keeps what it may need again.
    atMost(peer, RSS_MORE, 8),
  ]),
  async run(context) {
    const requests = context.quick ? QUICK_REQUESTS : REQUESTS;
    const results = await oneByOne(context, (peer) => {
      const application = ON_FETCH.includes(peer) ? transfers.fetch : transfers.node;
      return withServer(peer, { application, workers: 1 }, (server) => growth(server, requests));
    });
    return results.flatMap(({ peer, result }) => figures(peer.title, result));
  },
};

function atMost({ title }: Peer, quantity: Claim['quantity'], most: number): Claim {
  return { quantity, group: '', peer: title, limit: { most } };
}

async function growth(server: RunningServer, requests: number): Promise<Growth> {
  const { pid, port } = server;
  const [worker = pid] = childrenOf(pid);
  await abortRequests(port, requests * WARM_UP);
  await server.settled();
  const before = { descriptors: descriptorsOf(worker), ...(await memoryAfterCollection(worker, port)) };
  const seenBefore = await noticed(port);
  const aborted = await abortRequests(port, requests);
  await server.settled();
  const descriptors = await descriptorsLeft(worker, before.descriptors, LEAVE_MS);
  const after = await memoryAfterCollection(worker, port);
  return {
    aborted,
    noticed: (await noticed(port)) - seenBefore,
    descriptors,
    heap: Math.max(0, after.heap - before.heap),
    rss: Math.max(0, after.rss - before.rss),
  };
}

async function memoryAfterCollection(worker: number, port: number): Promise<Memory> {
  // In this order: what is resident is looked at when the garbage is gone.
  const heap = Number(await ask(port, '/heap'));
  return { heap, rss: memoryOf(worker).rss };
}

async function noticed(port: number): Promise<number> {
  const { uploads, downloads } = JSON.parse(await ask(port, '/seen')) as Seen;
  return uploads + downloads;
}

function figures(peer: string, { aborted, noticed, descriptors, heap, rss }: Growth): Measurement[] {
  const whose = { peer, group: '' };
  return [
    { ...whose, quantity: ABORTED, value: aborted },
    { ...whose, quantity: NOTICED, value: noticed },
    { ...whose, quantity: DESCRIPTORS, value: descriptors },
    { ...whose, quantity: HEAP, value: heap / MEGABYTE },
    { ...whose, quantity: RSS_MORE, value: rss / MEGABYTE },
  ];
}

import { transfers } from '../applications.ts';
import type { Claim } from '../claim.ts';
import { oneByOne, withServer } from '../field.ts';
import type { Held } from '../applications/collect.ts';
import type { Seen } from '../applications/download.ts';
import { abortRequests, type Extent } from '../load/aborts.ts';
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

/**
 * The first part comes before the first look: code gets compiled, heaps and caches get their size. The seconds are for a
 * machine that is slower than ours, so that all of it ends within three minutes.
 */
const LONG = { warmUp: { count: 10_000, seconds: 8 }, load: { count: 100_000, seconds: 65 } };
const SHORT = { warmUp: { count: 4000, seconds: 3 }, load: { count: 4000, seconds: 3 } };
const QUICK = { warmUp: { count: 400, seconds: 10 }, load: { count: 2000, seconds: 20 } };
const LEAVE_MS = 20_000;
const MEGABYTE = 1024 * 1024;

const ABORTED = ownQuantity('aborted', '', 'more');
const NOTICED = ownQuantity('noticed by the application', '', 'more');
const DESCRIPTORS = ownQuantity('descriptors more', '');
const HEAP = ownQuantity('heap more', 'MB');
const BESIDES = ownQuantity('besides the heap more', 'MB');
const RSS_MORE = ownQuantity('RSS more', 'MB');

const ON_FETCH: readonly Peer[] = [eventFetch, syncFetch];
/** Who is asked all of it: the worker that serves the most at a time, and what it is compared with. */
const AT_LENGTH: readonly Peer[] = [event, bareNode];
const OURS: readonly Peer[] = [event, eventFetch, engine, syncNode, syncFetch];

/** How much one peer is asked. */
interface Course {
  readonly warmUp: Extent;
  readonly load: Extent;
}

interface Memory extends Held {
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
    `${LONG.load.count} requests whose client leaves in the middle, uploads and downloads, by resets and by orderly ends, ` +
    `from 32 clients to one worker and to node:http, ${SHORT.load.count} to the others: what they hold afterwards more than ` +
    'after as many as they need to get their size. RSS has in it what V8 keeps for garbage to come, by how busy it was.',
  // What grows under node:http is not ours: it is asked before the time can be up.
  peers: [event, bareNode, ...OURS.slice(1)],
  drawn: [],
  minutes: 4,
  claims: [
    { quantity: ABORTED, group: '', peer: event.title, limit: { least: LONG.load.count } },
    ...OURS.flatMap((peer) => [
      atMost(peer, DESCRIPTORS, 0),
      // Ten bytes a request: the least that could be forgotten of one is more.
      atMost(peer, HEAP, 1),
      // The allocator of C keeps what it may need again.
      atMost(peer, BESIDES, 8),
    ]),
    { ...atMost(event, BESIDES, 2), against: bareNode.title, by: 'difference' },
  ],
  async run(context) {
    const results = await oneByOne(context, (peer) => {
      const application = ON_FETCH.includes(peer) ? transfers.fetch : transfers.node;
      const course = context.quick ? QUICK : AT_LENGTH.includes(peer) ? LONG : SHORT;
      return withServer(peer, { application, workers: 1 }, (server) => growth(server, course));
    });
    return results.flatMap(({ peer, result }) => figures(peer.title, result));
  },
};

function atMost({ title }: Peer, quantity: Claim['quantity'], most: number): Claim {
  return { quantity, group: '', peer: title, limit: { most } };
}

async function growth(server: RunningServer, { warmUp, load }: Course): Promise<Growth> {
  const { pid, port } = server;
  const [worker = pid] = childrenOf(pid);
  await abortRequests(port, warmUp);
  await server.settled();
  const before = { descriptors: descriptorsOf(worker), ...(await memoryAfterCollection(worker, port)) };
  const seenBefore = await noticed(port);
  const aborted = await abortRequests(port, load);
  await server.settled();
  const descriptors = await descriptorsLeft(worker, before.descriptors, LEAVE_MS);
  const after = await memoryAfterCollection(worker, port);
  return {
    aborted,
    noticed: (await noticed(port)) - seenBefore,
    descriptors,
    heap: Math.max(0, after.heap - before.heap),
    besides: Math.max(0, after.besides - before.besides),
    rss: Math.max(0, after.rss - before.rss),
  };
}

async function memoryAfterCollection(worker: number, port: number): Promise<Memory> {
  // In this order: what is resident is looked at when the garbage is gone.
  const held = JSON.parse(await ask(port, '/held')) as Held;
  return { ...held, rss: memoryOf(worker).rss };
}

async function noticed(port: number): Promise<number> {
  const { uploads, downloads } = JSON.parse(await ask(port, '/seen')) as Seen;
  return uploads + downloads;
}

function figures(peer: string, { aborted, noticed, descriptors, heap, besides, rss }: Growth): Measurement[] {
  const whose = { peer, group: '' };
  return [
    { ...whose, quantity: ABORTED, value: aborted },
    { ...whose, quantity: NOTICED, value: noticed },
    { ...whose, quantity: DESCRIPTORS, value: descriptors },
    { ...whose, quantity: HEAP, value: heap / MEGABYTE },
    { ...whose, quantity: BESIDES, value: besides / MEGABYTE },
    { ...whose, quantity: RSS_MORE, value: rss / MEGABYTE },
  ];
}

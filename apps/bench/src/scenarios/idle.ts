import { heap } from '../applications.ts';
import type { Claim } from '../claim.ts';
import { oneByOne, withServer } from '../field.ts';
import { ask } from '../load/ask.ts';
import { gatherIdle } from '../load/client.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { WRK, wrk } from '../load/wrk.ts';
import type { Measurement } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { bareNode, engine } from '../peers/bare-node.ts';
import { event, eventFetch } from '../peers/event.ts';
import { childrenOf, descriptorLimitOf, descriptorsLeft, descriptorsOf, memoryOf } from '../process-tree.ts';
import { ownQuantity, type Quantity } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Context, Scenario } from '../scenario.ts';

/** A first part of them, and all. */
type Crowds = readonly [part: number, all: number];

const WANTED: Crowds = [3000, 10_000];
const QUICK_WANTED: Crowds = [100, 200];
/** Before the first look: code gets compiled, pages of code are touched that serve, and the heap gets room for garbage. */
const WARM_UP = { connections: 64, seconds: 2, keepAlive: true };
const SPARE_DESCRIPTORS = 300;
const LEAVE_MS = 10_000;
/** Longer than any round takes, on a machine that is busy too. */
const KEEP_SECONDS = 600;

const CONNECTIONS = ownQuantity('idle connections', '', 'more');
const ANSWER = ownQuantity('answer to one more', 'ms');
const DESCRIPTORS = ownQuantity('descriptors left when they are gone', '');
const HEAP = ownQuantity('heap left of each of a second crowd', 'kB');
const EACH_OF_PART = ownQuantity('RSS of each of the first 3,000', 'kB');
const EACH = ownQuantity('RSS of each', 'kB');

const OURS: readonly Peer[] = [event, eventFetch, engine];

interface Round {
  readonly rssOfPart: number;
  readonly rssFull: number;
  readonly answerMs: number;
  readonly descriptorsLeft: number;
  /** Bytes of JavaScript heap when the crowd has left and garbage was collected. */
  readonly heapLeft: number;
}

export const idle: Scenario = {
  name: 'idle',
  title: 'Ten thousand idle connections',
  about: `${WANTED[1]} idle keep-alive connections on one worker that has served some load, twice: what each takes, one more is answered, and nothing is left when they leave.`,
  peers: [...OURS, bareNode],
  tools: [WRK],
  drawn: [EACH],
  minutes: 2,
  claims: OURS.flatMap((peer) => [
    atMost(peer, EACH_OF_PART, 2.5),
    atMost(peer, EACH, 2.5),
    atMost(peer, ANSWER, 500),
    atMost(peer, DESCRIPTORS, 0),
    atMost(peer, HEAP, 0.1),
  ]),
  async run(context) {
    const crowds = allowedCrowds(context);
    const results = await oneByOne(context, (peer) => {
      const application = peer === eventFetch ? heap.fetch : heap.node;
      const start = { application, workers: 1, connections: crowds[1] + 1, keepAlive: KEEP_SECONDS };
      return withServer(peer, start, (server) => twoCrowds(peer, server, crowds));
    });
    return results.flatMap(({ result }) => result);
  },
};

function atMost({ title }: Peer, quantity: Quantity, most: number): Claim {
  return { quantity, group: '', peer: title, limit: { most } };
}

/** Fewer than wanted where neither this process nor the server may open so many descriptors. */
function allowedCrowds({ quick, progress }: Context): Crowds {
  if (quick) return QUICK_WANTED;
  const limit = process.getuid?.() === 0 ? Infinity : descriptorLimitOf('self') - SPARE_DESCRIPTORS;
  const [part, all] = WANTED;
  if (limit >= all) return WANTED;
  progress(`only ${limit} connections: "ulimit -Hn" allows no more`);
  return [Math.min(part, limit), limit];
}

async function twoCrowds(peer: Peer, { pid, port }: RunningServer, crowds: Crowds): Promise<Measurement[]> {
  const [worker = pid] = childrenOf(pid);
  await wrk({ port, ...WARM_UP });
  const empty = await rssOf(worker, port);
  const descriptors = descriptorsOf(worker);
  const first = await crowd({ port, worker, crowds, descriptors });
  return figures(peer.title, {
    crowds,
    empty,
    rounds: [first, await crowd({ port, worker, crowds, descriptors })],
  });
}

interface Subject {
  readonly port: number;
  readonly worker: number;
  readonly crowds: Crowds;
  /** Open descriptors without a crowd. */
  readonly descriptors: number;
}

async function crowd({ port, worker, crowds: [part, all], descriptors }: Subject): Promise<Round> {
  const first = await gatherIdle(port, part);
  const rssOfPart = await rssOf(worker, port);
  const others = await gatherIdle(port, all - part);
  const rssFull = await rssOf(worker, port);
  const started = performance.now();
  await firstAnswer({ port, timeoutMs: 10_000 });
  const answerMs = performance.now() - started;
  await Promise.all([first.leave(), others.leave()]);
  return {
    rssOfPart,
    rssFull,
    answerMs,
    descriptorsLeft: await descriptorsLeft(worker, descriptors, LEAVE_MS),
    heapLeft: Number(await ask(port, '/heap')),
  };
}

/** Without what nobody needs any more: garbage is not a connection's. */
async function rssOf(worker: number, port: number): Promise<number> {
  await ask(port, '/heap');
  return memoryOf(worker).rss;
}

interface Found {
  readonly crowds: Crowds;
  readonly empty: number;
  readonly rounds: readonly [Round, Round];
}

function figures(
  peer: string,
  { crowds: [part, all], empty, rounds: [first, second] }: Found,
): Measurement[] {
  const of = (quantity: Quantity, value: number): Measurement => ({ peer, group: '', quantity, value });
  return [
    of(CONNECTIONS, all),
    of(EACH_OF_PART, (first.rssOfPart - empty) / 1024 / part),
    of(EACH, (first.rssFull - empty) / 1024 / all),
    of(ANSWER, Math.max(first.answerMs, second.answerMs)),
    of(DESCRIPTORS, Math.max(first.descriptorsLeft, second.descriptorsLeft)),
    // What the first crowd leaves are caches, filled once: parsers that Node keeps, compiled code.
    of(HEAP, Math.max(0, second.heapLeft - first.heapLeft) / 1024 / all),
  ];
}

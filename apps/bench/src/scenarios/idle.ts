import { heap as application } from '../applications.ts';
import type { Claim } from '../claim.ts';
import { withServer } from '../field.ts';
import { ask } from '../load/ask.ts';
import { gatherIdle } from '../load/client.ts';
import { firstAnswer } from '../load/first-answer.ts';
import type { Measurement } from '../measurement.ts';
import { event } from '../peers/event.ts';
import { childrenOf, descriptorLimitOf, descriptorsOf, memoryOf } from '../process-tree.ts';
import { ownQuantity, type Quantity } from '../quantity.ts';
import type { Context, Scenario } from '../scenario.ts';

const WANTED = 10_000;
const QUICK_WANTED = 200;
const SPARE_DESCRIPTORS = 300;
const LEAVE_MS = 10_000;

interface Round {
  readonly rssFull: number;
  readonly answerMs: number;
  readonly descriptorsLeft: number;
  /** Bytes of JavaScript heap when the crowd has left and garbage was collected. */
  readonly heapLeft: number;
}

interface Subject {
  readonly port: number;
  readonly worker: number;
  readonly connections: number;
  /** Open descriptors without a crowd. */
  readonly descriptors: number;
}

const CONNECTIONS = ownQuantity('idle connections', '', 'more');
const ANSWER = ownQuantity('answer to one more', 'ms');
const DESCRIPTORS = ownQuantity('descriptors left when they are gone', '');
const HEAP = ownQuantity('heap left of each of a second crowd', 'kB');
const EACH = ownQuantity('RSS of each', 'kB');

function atMost(quantity: Quantity, most: number): Claim {
  return { quantity, group: '', peer: event.title, limit: { most } };
}

export const idle: Scenario = {
  name: 'idle',
  title: 'Ten thousand idle connections',
  about: `${WANTED} idle keep-alive connections on one worker, twice: one more is answered, and nothing is left when they leave.`,
  peers: [event],
  drawn: [],
  claims: [atMost(ANSWER, 500), atMost(DESCRIPTORS, 0), atMost(HEAP, 0.1)],
  async run(context) {
    const connections = allowedConnections(context);
    const rounds = await Promise.all(
      context.peers.map((peer) =>
        withServer(
          peer,
          { application, workers: 1, connections: connections + 1, keepAlive: 75 },
          async ({ pid, port }) => {
            const [worker = pid] = childrenOf(pid);
            const rssEmpty = memoryOf(worker).rss;
            const subject = { port, worker, connections, descriptors: descriptorsOf(worker) };
            context.progress('the first crowd');
            const first = await crowd(subject);
            context.progress('the second crowd');
            return figures(connections, rssEmpty, [first, await crowd(subject)]);
          },
        ),
      ),
    );
    return rounds.flat();
  },
};

/** Fewer than wanted where neither this process nor the server may open so many descriptors. */
function allowedConnections({ quick, progress }: Context): number {
  if (quick) return QUICK_WANTED;
  const limit = process.getuid?.() === 0 ? Infinity : descriptorLimitOf('self') - SPARE_DESCRIPTORS;
  if (limit >= WANTED) return WANTED;
  progress(`only ${limit} connections: "ulimit -Hn" allows no more`);
  return limit;
}

async function crowd({ port, worker, connections, descriptors }: Subject): Promise<Round> {
  const gathered = await gatherIdle(port, connections);
  const rssFull = memoryOf(worker).rss;
  const started = performance.now();
  await firstAnswer({ port, timeoutMs: 10_000 });
  const answerMs = performance.now() - started;
  await gathered.leave();
  return {
    rssFull,
    answerMs,
    descriptorsLeft: await descriptorsLeft(worker, descriptors),
    heapLeft: Number(await ask(port, '/heap')),
  };
}

/** Waits until the worker has noticed that its clients are gone. */
async function descriptorsLeft(worker: number, before: number): Promise<number> {
  const deadline = performance.now() + LEAVE_MS;
  for (;;) {
    const left = descriptorsOf(worker) - before;
    if (left <= 0 || performance.now() > deadline) return Math.max(0, left);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function figures(
  connections: number,
  rssEmpty: number,
  [first, second]: readonly [Round, Round],
): Measurement[] {
  const of = (quantity: Quantity, value: number): Measurement => ({
    peer: event.title,
    group: '',
    quantity,
    value,
  });
  return [
    of(CONNECTIONS, connections),
    of(ANSWER, Math.max(first.answerMs, second.answerMs)),
    of(DESCRIPTORS, Math.max(first.descriptorsLeft, second.descriptorsLeft)),
    // What the first crowd leaves are caches, filled once: parsers that Node keeps, compiled code.
    of(HEAP, Math.max(0, second.heapLeft - first.heapLeft) / 1024 / connections),
    of(EACH, (first.rssFull - rssEmpty) / 1024 / connections),
  ];
}

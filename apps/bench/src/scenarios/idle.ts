import { heap as application } from '../applications.ts';
import type { Figure } from '../figure.ts';
import { ask } from '../load/ask.ts';
import { gatherCrowd } from '../load/client.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import { childrenOf, descriptorLimitOf, descriptorsOf, memoryOf } from '../process-tree.ts';
import type { Progress, Scenario } from '../scenario.ts';

const WANTED = 10_000;
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

export const idle: Scenario = {
  name: 'idle',
  about: `${WANTED} idle keep-alive connections on one worker, twice: one more is answered, and nothing is left when they leave.`,
  async run(progress) {
    const connections = allowedConnections(progress);
    const server = gunicorn.start({ application, workers: 1, connections: connections + 1, keepAlive: 75 });
    try {
      const port = await server.listening();
      await firstAnswer({ port, timeoutMs: 10_000 });
      const [worker = server.pid] = childrenOf(server.pid);
      const rssEmpty = memoryOf(worker).rss;
      const subject = { port, worker, connections, descriptors: descriptorsOf(worker) };
      progress('the first crowd');
      const first = await crowd(subject);
      progress('the second crowd');
      const second = await crowd(subject);
      return figures(connections, rssEmpty, [first, second]);
    } finally {
      await server.stop();
    }
  },
};

/** Fewer than wanted where neither this process nor the server may open so many descriptors. */
function allowedConnections(progress: Progress): number {
  const limit = process.getuid?.() === 0 ? Infinity : descriptorLimitOf('self') - SPARE_DESCRIPTORS;
  if (limit >= WANTED) return WANTED;
  progress(`only ${limit} connections: "ulimit -Hn" allows no more`);
  return limit;
}

async function crowd({ port, worker, connections, descriptors }: Subject): Promise<Round> {
  const gathered = await gatherCrowd(port, connections);
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

function figures(connections: number, rssEmpty: number, [first, second]: readonly [Round, Round]): Figure[] {
  const scenario = 'idle';
  const slower = Math.max(first.answerMs, second.answerMs);
  const left = Math.max(first.descriptorsLeft, second.descriptorsLeft);
  // What the first crowd leaves are caches, filled once: parsers that Node keeps, compiled code.
  const kept = Math.max(0, second.heapLeft - first.heapLeft) / 1024 / connections;
  return [
    { scenario, name: 'idle connections on 1 worker', unit: 'connections', value: connections },
    { scenario, name: 'answer to one more', unit: 'ms', value: slower, target: 500 },
    { scenario, name: 'descriptors left when they are gone', unit: 'descriptors', value: left, target: 0 },
    { scenario, name: 'heap left of each of a second crowd', unit: 'kB', value: kept, target: 0.1 },
    {
      scenario,
      name: 'RSS per idle connection',
      unit: 'kB',
      value: (first.rssFull - rssEmpty) / 1024 / connections,
    },
  ];
}

import { hello } from '../applications.ts';
import { gatherCrowd } from '../load/client.ts';
import { firstAnswer } from '../load/first-answer.ts';
import type { Figure } from '../figure.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import { childrenOf, descriptorLimitOf, descriptorsOf, memoryOf } from '../process-tree.ts';
import type { Scenario } from '../scenario.ts';

const WANTED = 10_000;
const SPARE_DESCRIPTORS = 300;
const LEAVE_MS = 10_000;

interface Round {
  readonly rssFull: number;
  readonly answerMs: number;
  readonly descriptorsLeft: number;
}

export const idle: Scenario = {
  name: 'idle',
  about: `${WANTED} idle keep-alive connections on one worker, twice: one more is answered, and nothing is left when they leave.`,
  async run(progress) {
    const connections = await allowedConnections(progress);
    const server = gunicorn.start({
      application: hello,
      workers: 1,
      connections: connections + 1,
      keepAlive: 75,
    });
    try {
      const port = await server.listening();
      await firstAnswer({ port, timeoutMs: 10_000 });
      const [worker = server.pid] = childrenOf(server.pid);
      const empty = { rss: memoryOf(worker).rss, descriptors: descriptorsOf(worker) };
      progress('the first crowd');
      const first = await crowd(port, worker, connections, empty.descriptors);
      progress('the second crowd');
      const second = await crowd(port, worker, connections, empty.descriptors);
      return figures(connections, empty.rss, [first, second]);
    } finally {
      await server.stop();
    }
  },
};

/** Fewer than wanted where neither this process nor the server may open so many descriptors. */
async function allowedConnections(progress: Parameters<Scenario['run']>[0]): Promise<number> {
  const limit = process.getuid?.() === 0 ? Infinity : descriptorLimitOf('self') - SPARE_DESCRIPTORS;
  if (limit >= WANTED) return WANTED;
  progress(`only ${limit} connections: "ulimit -Hn" allows no more`);
  return limit;
}

async function crowd(port: number, worker: number, connections: number, before: number): Promise<Round> {
  const gathered = await gatherCrowd(port, connections);
  const rssFull = memoryOf(worker).rss;
  const started = performance.now();
  await firstAnswer({ port, timeoutMs: 10_000 });
  const answerMs = performance.now() - started;
  await gathered.leave();
  return { rssFull, answerMs, descriptorsLeft: await descriptorsLeft(worker, before) };
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
  const perConnection = (second.rssFull - rssEmpty) / connections / 1024;
  const slower = Math.max(first.answerMs, second.answerMs);
  const left = Math.max(first.descriptorsLeft, second.descriptorsLeft);
  return [
    { scenario, name: 'idle connections on 1 worker', unit: 'connections', value: connections },
    { scenario, name: 'answer to one more', unit: 'ms', value: slower, target: 500 },
    { scenario, name: 'descriptors left when they are gone', unit: 'descriptors', value: left, target: 0 },
    { scenario, name: 'RSS per idle connection', unit: 'kB', value: perConnection },
    {
      scenario,
      name: 'RSS with the second crowd over the first',
      unit: 'times',
      value: second.rssFull / first.rssFull,
      target: 1.1,
    },
  ];
}

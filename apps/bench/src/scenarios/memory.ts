import { hello } from '../applications.ts';
import type { Figure } from '../figure.ts';
import { keepAliveLoad } from '../load/client.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { median } from '../quantile.ts';
import type { Peer } from '../peer.ts';
import { bareNode } from '../peers/bare-node.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import { childrenOf, type Memory, memoryOf } from '../process-tree.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 3;
const MEGABYTE = 1024 * 1024;
/** Before it has served anything, neither process has touched the code that serves. */
const FIRST_REQUESTS = 100;
/** The time in which what a start leaves to do gets done, in milliseconds. */
const SETTLE_MS = 700;
const LOAD_MS = 1000;

interface Sample {
  /** After its first requests. */
  readonly started: Memory;
  /** After a second of load, where much depends on when the collector last ran. */
  readonly used: Memory;
  /** The process above the workers. */
  readonly parent?: Memory;
}

export const memory: Scenario = {
  name: 'memory',
  about: `Resident memory of one worker over that of a bare process, after ${FIRST_REQUESTS} requests each, and of the arbiter; median of ${ROUNDS} starts in turn.`,
  async run(progress) {
    const bare: Sample[] = [];
    const watched: Sample[] = [];
    const unwatched: Sample[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}`);
      bare.push(await sample(bareNode));
      watched.push(await sample(gunicorn));
      unwatched.push(await sample(gunicorn, ['--no-autopsy']));
    }
    return [
      ...workerFigures('1 worker', watched, bare, 18),
      ...workerFigures('1 worker, autopsy off', unwatched, bare, 6),
      { scenario: 'memory', name: 'RSS, arbiter', unit: 'MB', value: parent(watched, 'rss'), target: 65 },
      { scenario: 'memory', name: 'PSS, arbiter', unit: 'MB', value: parent(watched, 'pss') },
    ];
  },
};

async function sample(peer: Peer, extra: readonly string[] = []): Promise<Sample> {
  const server = peer.start({ application: hello, workers: 1, extra });
  try {
    const port = await server.listening();
    for (let count = 0; count < FIRST_REQUESTS; count++) await firstAnswer({ port, timeoutMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const [worker] = childrenOf(server.pid);
    const serving = worker ?? server.pid;
    const started = memoryOf(serving);
    const parent = worker === undefined ? undefined : memoryOf(server.pid);
    await keepAliveLoad({ port, connections: 8, forMs: LOAD_MS });
    const used = memoryOf(serving);
    return { started, used, ...(parent && { parent }) };
  } finally {
    await server.stop();
  }
}

function workerFigures(
  who: string,
  ours: readonly Sample[],
  bare: readonly Sample[],
  target: number,
): Figure[] {
  const figure = (name: string, moment: 'started' | 'used', kind: keyof Memory): Figure => ({
    scenario: 'memory',
    name: `${name}, ${who}`,
    unit: 'MB',
    value: megabytes(ours.map((one) => one[moment][kind])),
    baseline: { peer: bareNode.name, value: megabytes(bare.map((one) => one[moment][kind])) },
    compare: 'difference',
  });
  return [
    { ...figure('RSS', 'started', 'rss'), target },
    figure('PSS', 'started', 'pss'),
    figure('RSS after load', 'used', 'rss'),
  ];
}

function parent(samples: readonly Sample[], kind: keyof Memory): number {
  return megabytes(samples.flatMap((one) => (one.parent ? [one.parent[kind]] : [])));
}

function megabytes(bytes: readonly number[]): number {
  return median(bytes) / MEGABYTE;
}

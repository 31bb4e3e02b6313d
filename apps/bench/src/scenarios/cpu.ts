import { hello } from '../applications.ts';
import type { Figure } from '../figure.ts';
import { keepAliveLoad } from '../load/client.ts';
import { median } from '../median.ts';
import type { Peer } from '../peer.ts';
import { bareNode } from '../peers/bare-node.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import { cpuSeconds } from '../process-tree.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 5;
const CONNECTIONS = 64;
const WARM_UP_MS = 1500;
const MEASURED_MS = 2500;

interface Sample {
  /** User and system time of the whole process tree, in microseconds. */
  readonly cpuPerRequest: number;
  readonly requestsPerSecond: number;
}

export const cpu: Scenario = {
  name: 'cpu',
  about:
    `CPU of the whole process tree over requests served: ${CONNECTIONS} keep-alive connections, one worker, ` +
    `no access log; fresh processes in turn, median of ${ROUNDS} rounds.`,
  async run(progress) {
    const ours: Sample[] = [];
    const bare: Sample[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}`);
      bare.push(await sample(bareNode));
      ours.push(await sample(gunicorn));
    }
    return figures(ours, bare);
  },
};

async function sample(peer: Peer): Promise<Sample> {
  const server = peer.start({ application: hello, workers: 1 });
  try {
    const port = await server.listening();
    await keepAliveLoad({ port, connections: CONNECTIONS, forMs: WARM_UP_MS });
    const before = cpuSeconds(server.pid);
    const answered = await keepAliveLoad({ port, connections: CONNECTIONS, forMs: MEASURED_MS });
    const used = cpuSeconds(server.pid) - before;
    return { cpuPerRequest: (used * 1e6) / answered, requestsPerSecond: (answered * 1000) / MEASURED_MS };
  } finally {
    await server.stop();
  }
}

function figures(ours: readonly Sample[], bare: readonly Sample[]): Figure[] {
  const medianOf = (samples: readonly Sample[], key: keyof Sample): number =>
    median(samples.map((one) => one[key]));
  return [
    {
      scenario: 'cpu',
      name: 'CPU per request, arbiter and 1 worker',
      unit: 'µs',
      value: medianOf(ours, 'cpuPerRequest'),
      baseline: { peer: bareNode.name, value: medianOf(bare, 'cpuPerRequest') },
      compare: 'ratio',
      target: 1.1,
    },
    {
      scenario: 'cpu',
      name: 'requests per second, 1 worker',
      unit: 'requests/s',
      value: medianOf(ours, 'requestsPerSecond'),
      baseline: { peer: bareNode.name, value: medianOf(bare, 'requestsPerSecond') },
      compare: 'ratio',
    },
  ];
}

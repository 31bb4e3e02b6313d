import { hello } from '../applications.ts';
import type { Figure } from '../figure.ts';
import { keepAliveLoad } from '../load/client.ts';
import { median } from '../median.ts';
import { bareNode } from '../peers/bare-node.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import { cpuSeconds } from '../process-tree.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const STARTS = 2;
const ROUNDS = 9;
const CONNECTIONS = 64;
const WARM_UP_MS = 2000;
/** Short, so that what else goes on in the machine meets both alike. */
const MEASURED_MS = 700;

interface Sample {
  /** User and system time of the whole process tree, in microseconds. */
  readonly cpuPerRequest: number;
  readonly requestsPerSecond: number;
}

interface Candidate {
  readonly server: RunningServer;
  readonly port: number;
  readonly samples: Sample[];
}

export const cpu: Scenario = {
  name: 'cpu',
  about:
    `CPU of the whole process tree over requests served: ${CONNECTIONS} keep-alive connections, one worker, ` +
    `no access log; median of ${STARTS} starts with ${ROUNDS} rounds each, in turn.`,
  async run(progress) {
    const ours: Sample[] = [];
    const bare: Sample[] = [];
    for (let start = 1; start <= STARTS; start++) {
      progress(`start ${start} of ${STARTS}`);
      const servers = [bareNode, gunicorn].map((peer) => peer.start({ application: hello, workers: 1 }));
      try {
        await inTurn([await warmUp(servers[0]!, bare), await warmUp(servers[1]!, ours)]);
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
      }
    }
    return figures(ours, bare);
  },
};

async function warmUp(server: RunningServer, samples: Sample[]): Promise<Candidate> {
  const port = await server.listening();
  await keepAliveLoad({ port, connections: CONNECTIONS, forMs: WARM_UP_MS });
  return { server, port, samples };
}

async function inTurn(candidates: Candidate[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const candidate of candidates) candidate.samples.push(await sample(candidate));
    // Neither is always the one that follows the other.
    candidates.reverse();
  }
}

async function sample({ server, port }: Candidate): Promise<Sample> {
  const before = cpuSeconds(server.pid);
  const answered = await keepAliveLoad({ port, connections: CONNECTIONS, forMs: MEASURED_MS });
  const used = cpuSeconds(server.pid) - before;
  return { cpuPerRequest: (used * 1e6) / answered, requestsPerSecond: (answered * 1000) / MEASURED_MS };
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

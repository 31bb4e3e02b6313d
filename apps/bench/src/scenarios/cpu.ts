import { hello } from '../applications.ts';
import type { Figure } from '../figure.ts';
import { keepAliveLoad } from '../load/client.ts';
import type { Peer } from '../peer.ts';
import { lowerQuartile, median } from '../quantile.ts';
import { bareNode } from '../peers/bare-node.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import { cpuSeconds } from '../process-tree.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const STARTS = 2;
const ROUNDS = 8;
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
  readonly peer: Peer;
  readonly samples: Sample[];
}

interface Running {
  readonly server: RunningServer;
  readonly samples: Sample[];
  port: number;
}

export const cpu: Scenario = {
  name: 'cpu',
  about:
    `CPU of the whole process tree over requests served: ${CONNECTIONS} keep-alive connections, one worker, ` +
    `no access log; lower quartile of ${STARTS} starts with ${ROUNDS} rounds each, in turn.`,
  async run(progress) {
    const ours: Sample[] = [];
    const bare: Sample[] = [];
    const control: Sample[] = [];
    for (let start = 1; start <= STARTS; start++) {
      progress(`start ${start} of ${STARTS}`);
      await inTurn([
        { peer: bareNode, samples: bare },
        { peer: gunicorn, samples: ours },
        { peer: bareNode, samples: control },
      ]);
    }
    return figures(ours, bare, control);
  },
};

async function inTurn(candidates: readonly Candidate[]): Promise<void> {
  const running: Running[] = [];
  try {
    for (const { peer, samples } of candidates) {
      const server = peer.start({ application: hello, workers: 1 });
      running.push({ server, samples, port: 0 });
    }
    for (const one of running) {
      one.port = await one.server.listening();
      await keepAliveLoad({ port: one.port, connections: CONNECTIONS, forMs: WARM_UP_MS });
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const one of running) one.samples.push(await sample(one));
      // None is always the one that follows a certain other.
      running.reverse();
    }
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

async function sample({ server, port }: Running): Promise<Sample> {
  const before = cpuSeconds(server.pid);
  const answered = await keepAliveLoad({ port, connections: CONNECTIONS, forMs: MEASURED_MS });
  const used = cpuSeconds(server.pid) - before;
  return { cpuPerRequest: (used * 1e6) / answered, requestsPerSecond: (answered * 1000) / MEASURED_MS };
}

function figures(ours: readonly Sample[], bare: readonly Sample[], control: readonly Sample[]): Figure[] {
  const scenario = 'cpu';
  const cost = (samples: readonly Sample[]): number => lowerQuartile(samples.map((one) => one.cpuPerRequest));
  const rate = (samples: readonly Sample[]): number => median(samples.map((one) => one.requestsPerSecond));
  const baseline = { peer: bareNode.name, value: cost([...bare, ...control]) };
  return [
    {
      scenario,
      name: 'CPU per request, arbiter and 1 worker',
      unit: 'µs',
      value: cost(ours),
      baseline,
      compare: 'ratio',
      target: 1.1,
    },
    {
      scenario,
      name: 'CPU per request, bare against bare (noise)',
      unit: 'µs',
      value: cost(control),
      baseline: { peer: bareNode.name, value: cost(bare) },
      compare: 'ratio',
    },
    {
      scenario,
      name: 'requests per second, 1 worker',
      unit: 'requests/s',
      value: rate(ours),
      baseline: { peer: bareNode.name, value: rate([...bare, ...control]) },
      compare: 'ratio',
    },
  ];
}

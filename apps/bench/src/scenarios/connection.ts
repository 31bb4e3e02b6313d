import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetching, hello, wsgi } from '../applications.ts';
import type { Figure } from '../figure.ts';
import { freePort } from '../free-port.ts';
import { connectionLoad, type WrkResult } from '../load/wrk.ts';
import type { Peer } from '../peer.ts';
import { gunicornPython } from '../peers/gunicorn-python.ts';
import { sync } from '../peers/gunicorn.ts';
import { nginx } from '../peers/nginx.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { cpuSeconds } from '../process-tree.ts';
import { median } from '../quantile.ts';
import type { RunningServer } from '../running-server.ts';
import type { Progress, Scenario } from '../scenario.ts';

const ROUNDS = 5;
const CLIENTS = 8;
const SECONDS = 2;

interface Candidate {
  readonly name: string;
  readonly peer: Peer;
  readonly application: string;
  readonly extra?: readonly string[];
}

interface Running extends Candidate {
  readonly server: RunningServer;
  readonly port: number;
  /** Microseconds of the whole process tree. */
  readonly costs: number[];
  readonly rates: number[];
  failures: number;
}

export const connection: Scenario = {
  name: 'connection',
  about:
    `CPU of the whole process tree over requests served: a connection for each request, ${CLIENTS} clients (wrk), ` +
    `one worker on one core; median of ${ROUNDS} rounds of ${SECONDS} s, in turn.`,
  async run(progress) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-connection-'));
    const log = ['--application-kind=wsgi', `--access-logfile=${join(folder, 'access.log')}`];
    const kind = ['--application-kind=wsgi'];
    try {
      return figures(
        await inTurn(progress, [
          { name: 'wsgi', peer: sync, application: wsgi, extra: kind },
          { name: 'wsgi with access log', peer: sync, application: wsgi, extra: log },
          { name: 'fetch', peer: sync, application: fetching },
          { name: 'nginx', peer: nginx, application: hello },
          { name: 'gunicorn', peer: gunicornPython, application: hello },
          { name: 'cluster', peer: nodeCluster, application: hello },
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function inTurn(progress: Progress, candidates: readonly Candidate[]): Promise<readonly Running[]> {
  const running: Running[] = [];
  try {
    for (const candidate of candidates) {
      const port = await freePort();
      const server = candidate.peer.start({ ...candidate, port, workers: 1 });
      running.push({ ...candidate, server, port, costs: [], rates: [], failures: 0 });
      await server.listening();
      await connectionLoad({ port, connections: CLIENTS, seconds: 1 });
    }
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}`);
      for (const one of running) await sample(one);
    }
    return running;
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

async function sample(one: Running): Promise<WrkResult> {
  const before = cpuSeconds(one.server.pid);
  const result = await connectionLoad({ port: one.port, connections: CLIENTS, seconds: SECONDS });
  one.costs.push(((cpuSeconds(one.server.pid) - before) * 1e6) / result.requests);
  one.rates.push(result.requestsPerSecond);
  one.failures += result.failures;
  return result;
}

const TARGETS: readonly (readonly [ours: string, theirs: string, target: number])[] = [
  ['wsgi', 'nginx', 1],
  ['wsgi', 'gunicorn', 0.35],
  ['wsgi', 'cluster', 0.25],
  ['wsgi with access log', 'wsgi', 1.25],
  ['fetch', 'nginx', 1.3],
];

function figures(running: readonly Running[]): Figure[] {
  const scenario = 'connection';
  const of = (name: string): Running => running.find((one) => one.name === name)!;
  const title = ({ name, peer }: Running): string => (peer === sync ? `sync ${name}` : peer.name);
  const costs = TARGETS.map(([ours, theirs, target]): Figure => ({
    scenario,
    name: `CPU per request, ${title(of(ours))}`,
    unit: 'µs',
    value: median(of(ours).costs),
    baseline: { peer: title(of(theirs)), value: median(of(theirs).costs) },
    compare: 'ratio',
    target,
  }));
  const others = running.flatMap((one): Figure[] => [
    { scenario, name: `requests per second, ${title(one)}`, unit: 'requests/s', value: median(one.rates) },
    { scenario, name: `failed requests, ${title(one)}`, unit: 'times', value: one.failures },
  ]);
  return [...costs, ...others];
}

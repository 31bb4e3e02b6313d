import { working as application } from '../applications.ts';
import type { Claim } from '../claim.ts';
import { inTurn, type Result, withServer } from '../field.ts';
import { ask } from '../load/ask.ts';
import { groupName, type Sample, sample } from '../load/plain-load.ts';
import { WRK } from '../load/wrk.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { bareNode, engine } from '../peers/bare-node.ts';
import { event } from '../peers/event.ts';
import { CPU, ownQuantity, P50, P99, P999, RATE } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Context, Scenario } from '../scenario.ts';
import { UNDICI, undiciEnvironment } from '../undici.ts';

/** With pauses first: where all there is is taken, what is measured is who is cheaper, not how long one has to wait. */
const LOADS: readonly Load[] = [
  { group: '64 clients that pause 20 ms', connections: 64, pauseMs: 20 },
  { group: groupName(8), connections: 8 },
  { group: groupName(64), connections: 64 },
];
const ROUNDS = 5;
/** The second server's: nobody's connections to it are to be opened again while the others have their turn. */
const KEEP_SECONDS = 600;

/** Of a timer that comes every millisecond, at the 99th percentile. */
const LATE = ownQuantity('timer late, p99', 'ms');

interface Load {
  readonly group: string;
  readonly connections: number;
  readonly pauseMs?: number;
}

interface Round extends Sample {
  readonly late: number;
}

export const workingApplication: Scenario = {
  name: 'working',
  title: 'An application that has other things to do',
  about:
    'A timer every millisecond, and for each request one by undici to a second server, on kept connections. One worker on ' +
    'one core, wrk and the second server on another; rounds in turn, medians.',
  peers: [event, engine, bareNode],
  tools: [WRK, UNDICI],
  drawn: [P99],
  minutes: 3,
  claims: [event, engine].flatMap((ours) => LOADS.map(({ group }) => noWorse(ours, group))),
  run: (context) =>
    withServer(bareNode, { workers: 1, core: 'load', keepAlive: KEEP_SECONDS }, (backend) =>
      besideBackend(context, backend.port),
    ),
};

function noWorse({ title }: Peer, group: string): Claim {
  return {
    quantity: P99,
    group,
    peer: title,
    against: bareNode.title,
    limit: { most: 1 },
  };
}

async function besideBackend(context: Context, backend: number): Promise<Measurement[]> {
  const { quick } = context;
  const seconds = quick ? 1 : 3;
  const results = await inTurn(context, {
    rounds: quick ? 1 : ROUNDS,
    start: {
      workers: 1,
      core: 'server',
      application,
      environment: { ...undiciEnvironment(), BENCH_BACKEND: `http://127.0.0.1:${backend}` },
    },
    warmUp: (server) => sample(server, { connections: 8, seconds, keepAlive: true }),
    round: async (server) => {
      const rounds: Round[] = [];
      for (const load of LOADS) rounds.push(await roundOf(server, load, seconds));
      return rounds;
    },
  });
  return LOADS.flatMap(({ group }, index) => results.flatMap((result) => figures(group, result, index)));
}

async function roundOf(server: RunningServer, load: Load, seconds: number): Promise<Round> {
  const { connections, pauseMs } = load;
  const pause = pauseMs === undefined ? {} : { pauseMs };
  // Forgets what was before.
  await ask(server.port, '/late');
  const measured = await sample(server, { connections, seconds, keepAlive: true, ...pause });
  return { ...measured, late: Number(await ask(server.port, '/late')) };
}

function figures(group: string, { peer, rounds }: Result<Round[]>, index: number): Measurement[] {
  const whose = { peer: peer.title, group };
  const of = (pick: (one: Round) => number): number[] => rounds.map((round) => pick(round[index]!));
  return [
    ofRounds(
      whose,
      P99,
      of((one) => one.p99),
    ),
    ofRounds(
      whose,
      P50,
      of((one) => one.p50),
    ),
    ofRounds(
      whose,
      P999,
      of((one) => one.p999),
    ),
    ofRounds(
      whose,
      LATE,
      of((one) => one.late),
    ),
    ofRounds(
      whose,
      CPU,
      of((one) => one.cpuPerRequest),
    ),
    ofRounds(
      whose,
      RATE,
      of((one) => one.requestsPerSecond),
    ),
  ];
}

import { addFailures, countFailures, describeFailures, NO_FAILURES } from '../failures.ts';
import { inTurn } from '../field.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { cpuSeconds } from '../process-tree.ts';
import { BUSY, CPU, FAILED, P50, P99, P999, RATE } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Context } from '../scenario.ts';
import { wrk, type WrkOptions, type WrkResult } from './wrk.ts';

/** What wrk measured, and what it cost the server. */
export interface Sample extends WrkResult {
  /** Microseconds of the whole process tree. */
  readonly cpuPerRequest: number;
  /** Of the time that the load lasted, in percent. */
  readonly busy: number;
}

export async function sample(server: RunningServer, options: Omit<WrkOptions, 'port'>): Promise<Sample> {
  const before = cpuSeconds(server.pid);
  const result = await wrk({ ...options, port: server.port });
  if (result.requests === 0) throw new Error('Not one request was answered');
  const cpuPerRequest = ((cpuSeconds(server.pid) - before) * 1e6) / result.requests;
  return { ...result, cpuPerRequest, busy: (cpuPerRequest * result.requestsPerSecond) / 1e4 };
}

export interface PlainLoad {
  readonly clients: readonly number[];
  readonly keepAlive: boolean;
  /** Whether the server may use all cores. */
  readonly isFree?: boolean;
}

const WORKERS = 1;

/** Of each number of clients. Short and many: what else goes on in the machine then meets neighbours alike. */
const ROUNDS = 9;
const SECONDS = 1;

/** One worker on one core, wrk on the other, each peer in turn: the cost of a request under each number of clients. */
export async function plainLoad(context: Context, load: PlainLoad): Promise<readonly Measurement[]> {
  const { quick } = context;
  const { keepAlive, clients } = load;
  const seconds = SECONDS;
  const results = await inTurn(context, {
    rounds: (quick ? 1 : ROUNDS) * clients.length,
    together: clients.length,
    start: { workers: WORKERS, ...(load.isFree !== true && { core: 'server' }) },
    warmUp: async ({ port }) => {
      for (const connections of clients) await wrk({ port, connections, seconds, keepAlive });
    },
    round: (server, round) =>
      sample(server, { connections: clients[round % clients.length]!, seconds, keepAlive }),
  });
  return clients.flatMap((count, index) =>
    results.flatMap(({ peer, rounds }) => {
      const samples = rounds.filter((_, round) => round % clients.length === index);
      return figuresOf(groupName(count), peer, samples);
    }),
  );
}

export function groupName(clients: number): string {
  return clients === 1 ? '1 client' : `${clients} clients`;
}

function figuresOf(group: string, peer: Peer, samples: readonly Sample[]): Measurement[] {
  const whose = { peer: peer.title, group };
  const of = (pick: (one: Sample) => number): number[] => samples.map(pick);
  const failures = samples.map((one) => one.failures).reduce(addFailures, NO_FAILURES);
  return [
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
    ofRounds(
      whose,
      BUSY,
      of((one) => one.busy),
    ),
    ofRounds(
      whose,
      P50,
      of((one) => one.p50),
    ),
    ofRounds(
      whose,
      P99,
      of((one) => one.p99),
    ),
    ofRounds(
      whose,
      P999,
      of((one) => one.p999),
    ),
    { ...whose, quantity: FAILED, value: countFailures(failures), note: describeFailures(failures) },
  ];
}

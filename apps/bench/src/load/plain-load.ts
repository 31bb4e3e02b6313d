import { addFailures, countFailures, describeFailures, NO_FAILURES } from '../failures.ts';
import { inTurn, type Result } from '../field.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import { cpuSeconds } from '../process-tree.ts';
import { CPU, FAILED, P50, P99, P999, RATE } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Context } from '../scenario.ts';
import { wrk, type WrkOptions, type WrkResult } from './wrk.ts';

/** What wrk measured, and what it cost the server. */
export interface Sample extends WrkResult {
  /** Microseconds of the whole process tree. */
  readonly cpuPerRequest: number;
}

export async function sample(server: RunningServer, options: Omit<WrkOptions, 'port'>): Promise<Sample> {
  const before = cpuSeconds(server.pid);
  const result = await wrk({ ...options, port: server.port });
  if (result.requests === 0) throw new Error('Not one request was answered');
  const cpuPerRequest = ((cpuSeconds(server.pid) - before) * 1e6) / result.requests;
  return { ...result, cpuPerRequest };
}

export interface PlainLoad {
  readonly clients: readonly number[];
  readonly keepAlive: boolean;
}

const START = { workers: 1, core: 'server' } as const;

/** One worker on one core, wrk on the other, each peer in turn: the cost of a request under each number of clients. */
export async function plainLoad(context: Context, load: PlainLoad): Promise<readonly Measurement[]> {
  const { quick } = context;
  const seconds = quick ? 1 : 2;
  const { keepAlive } = load;
  const results = await inTurn(context, {
    rounds: quick ? 1 : 5,
    start: START,
    warmUp: (server) => wrk({ port: server.port, connections: 8, seconds: quick ? 1 : 2, keepAlive }),
    round: async (server) => {
      const samples: Sample[] = [];
      for (const connections of load.clients) {
        samples.push(await sample(server, { connections, seconds, keepAlive }));
      }
      return samples;
    },
  });
  return load.clients.flatMap((clients, index) =>
    results.flatMap((result) => figuresOf(groupName(clients), result, index)),
  );
}

export function groupName(clients: number): string {
  return clients === 1 ? '1 client' : `${clients} clients`;
}

function figuresOf(group: string, { peer, rounds }: Result<Sample[]>, index: number): Measurement[] {
  const samples = rounds.map((round) => round[index]!);
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

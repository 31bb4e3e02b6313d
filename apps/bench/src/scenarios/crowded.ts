import { addFailures, countFailures, describeFailures } from '../failures.ts';
import { oneByOne, withServer } from '../field.ts';
import type { Crowd } from '../load/client.ts';
import { sample, type Sample } from '../load/plain-load.ts';
import type { Measurement } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { bareNode } from '../peers/bare-node.ts';
import { bun } from '../peers/bun.ts';
import { event } from '../peers/event.ts';
import { gunicornGevent, gunicornGthread, gunicornSync } from '../peers/gunicorn-python.ts';
import { nginx } from '../peers/nginx.ts';
import { nodeCluster } from '../peers/node-cluster.ts';
import { pm2 } from '../peers/pm2.ts';
import { sync } from '../peers/sync.ts';
import { median } from '../quantile.ts';
import { FAILED, LOSS, ownQuantity, P99, RATE } from '../quantity.ts';
import type { RunningServer, StartOptions } from '../running-server.ts';
import type { Context } from '../scenario.ts';
import { timeIsUp } from '../time.ts';

const CLIENTS = 8;
/** A server that reads what a crowd goes on sending never rests. */
const SETTLE_MS = 1500;
/** The same loss, seen from the processor: what else goes on in the machine changes it less. */
const DEARER = ownQuantity('more CPU per request', '%');

/** One of each kind: what an application is written in changes nothing here. */
export const WITH_CROWDS: readonly Peer[] = [
  sync,
  event,
  bareNode,
  nodeCluster,
  pm2,
  bun,
  nginx,
  gunicornSync,
  gunicornGthread,
  gunicornGevent,
];

export interface Crowding {
  readonly start: StartOptions;
  gather(port: number): Promise<Crowd>;
}

interface Both {
  readonly alone: readonly Sample[];
  readonly beside: readonly Sample[];
}

/** What a crowd that only costs takes from the rate of normal requests, each on its own connection. */
export async function crowded(context: Context, crowding: Crowding): Promise<readonly Measurement[]> {
  const results = await oneByOne(context, (peer, own) =>
    withServer(peer, crowding.start, (server) => aloneAndBeside(server, own, crowding)),
  );
  return results.flatMap(({ peer, result }) => figures(peer.title, result));
}

/** With and without the crowd by turns, so that a machine that slows down slows both. */
async function aloneAndBeside(server: RunningServer, context: Context, { gather }: Crowding): Promise<Both> {
  const { quick } = context;
  const seconds = quick ? 1 : 2;
  const ask = (): Promise<Sample> => sample(server, { connections: CLIENTS, seconds, keepAlive: false });
  await ask();
  const alone: Sample[] = [];
  const beside: Sample[] = [];
  for (let round = 0; round < (quick ? 1 : 3) && !timeIsUp(context, round, 1); round++) {
    alone.push(await ask());
    const crowd = await gather(server.port);
    try {
      // To take them in is not what is asked, but to have them.
      await server.settled(SETTLE_MS);
      beside.push(await ask().catch(() => NONE));
    } finally {
      await crowd.leave();
    }
    await server.settled(SETTLE_MS);
  }
  return { alone, beside };
}

/** Where the crowd has stopped the server. */
const NONE: Sample = {
  requests: 0,
  requestsPerSecond: 0,
  cpuPerRequest: 0,
  busy: 0,
  p50: 0,
  p99: 0,
  p999: 0,
  failures: { refused: 0, reset: 0, timeout: CLIENTS, status: 0 },
};

function figures(peer: string, { alone, beside }: Both): Measurement[] {
  const whose = { peer, group: '' };
  const rate = (samples: readonly Sample[]): number => median(samples.map((one) => one.requestsPerSecond));
  const cost = (samples: readonly Sample[]): number => median(samples.map((one) => one.cpuPerRequest));
  const failures = beside.map((one) => one.failures).reduce(addFailures);
  const loss = (1 - rate(beside) / rate(alone)) * 100;
  const isStopped = rate(beside) === 0;
  const dearer = (cost(beside) / cost(alone) - 1) * 100;
  // Few requests may cost less than a tick of the clock: then there is nothing to compare with.
  const canCompare = !isStopped && Number.isFinite(dearer);
  return [
    { ...whose, quantity: LOSS, value: Math.max(0, loss) },
    { ...whose, quantity: RATE, value: rate(beside), note: `${Math.round(rate(alone))}/s alone` },
    ...(canCompare ? [{ ...whose, quantity: DEARER, value: Math.max(0, dearer) }] : []),
    ...(isStopped ? [] : [{ ...whose, quantity: P99, value: median(beside.map((one) => one.p99)) }]),
    { ...whose, quantity: FAILED, value: countFailures(failures), note: describeFailures(failures) },
  ];
}

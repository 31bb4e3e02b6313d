import type { Claim } from '../claim.ts';
import { only } from '../field.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import { WRK } from '../load/wrk.ts';
import type { Measurement } from '../measurement.ts';
import { express, fastify, type Framework, FRAMEWORK_PEERS, hono, koa } from '../peers/frameworks.ts';
import { CPU } from '../quantity.ts';
import type { Context, Scenario } from '../scenario.ts';
import { evenly, partOf } from '../time.ts';

const MANY = 64;
const KEPT = [1, 8, MANY];
const CLIENTS_THAT_CLOSE = 8;

interface Target {
  readonly framework: Framework;
  /** The most of its own CPU for a request on node:http that is claimed. */
  readonly most: number;
}

const TARGETS: readonly Target[] = [
  { framework: express, most: 0.7 },
  { framework: fastify, most: 0.65 },
  { framework: koa, most: 0.75 },
  { framework: hono, most: 0.55 },
];

export const frameworks: Scenario = {
  name: 'frameworks',
  title: 'Frameworks on node:http and on our engine',
  about:
    'Each framework beside itself: the same application, unchanged, on node:http, on our createServer, and in the server ' +
    '(Hono there without its adapter). One worker on one core, wrk on another; rounds in turn, medians.',
  peers: FRAMEWORK_PEERS,
  tools: [WRK],
  drawn: [CPU],
  minutes: 9.5,
  claims: TARGETS.flatMap(claimsOf),
  async run(context) {
    const measurements: Measurement[] = [];
    for (const [{ framework }, own] of evenly(context, TARGETS)) {
      measurements.push(...(await costOf(framework, own)));
    }
    return measurements;
  },
};

function claimsOf({ framework, most }: Target): Claim[] {
  const { title, onNode, onEngine, event } = framework;
  // What is claimed of Hono is that it needs no adapter.
  const ours = framework === hono ? [event] : [event, onEngine];
  return ours.map((peer) => ({
    quantity: CPU,
    group: groupOf(title, groupName(MANY)),
    peer: peer.title,
    against: onNode.title,
    limit: { most },
  }));
}

async function costOf(framework: Framework, context: Context): Promise<Measurement[]> {
  const { title, onNode, onEngine, event, sync } = framework;
  context.progress(title);
  // Sync workers close each connection.
  const first = partOf(context, [KEPT.length * 3, 4]);
  const kept = await plainLoad(only(first, [onNode, onEngine, event]), { clients: KEPT, keepAlive: true });
  const closed = await plainLoad(only(context, [onNode, onEngine, event, sync]), {
    clients: [CLIENTS_THAT_CLOSE],
    keepAlive: false,
  });
  return [
    ...kept.map((one) => ({ ...one, group: groupOf(title, one.group) })),
    ...closed.map((one) => ({
      ...one,
      group: groupOf(title, `${one.group}, a connection for each request`),
    })),
  ];
}

function groupOf(title: string, circumstances: string): string {
  return `${title}, ${circumstances}`;
}

import type { Claim } from '../claim.ts';
import { inTurnUnstarted, type Result } from '../field.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { SERVERS } from '../peers.ts';
import { bareNode } from '../peers/bare-node.ts';
import { eventBefore, syncBefore } from '../peers/before.ts';
import { event } from '../peers/event.ts';
import { sync } from '../peers/sync.ts';
import { memoryOf, processTree } from '../process-tree.ts';
import { BOOT, PSS } from '../quantity.ts';
import { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 7;
const WORKERS = 4;
const MEGABYTE = 1024 * 1024;
/** How far the medians of two runs of the same server lie apart. */
const ALIKE = { time: 1.05, memory: 1.02 };

interface Start {
  readonly ms: number;
  /** Bytes, of the whole tree when all workers have booted. */
  readonly pss: number;
}

export const boot: Scenario = {
  name: 'boot',
  title: 'From the start to the first answer',
  about:
    `From the start of the command to its first answer, ${WORKERS} workers where there are some, and the memory of them all ` +
    `when they have booted; medians of ${ROUNDS} starts in turn.`,
  peers: [...SERVERS, eventBefore, syncBefore],
  drawn: [BOOT],
  minutes: 4,
  claims: [
    ...[sync, event].map((ours): Claim => ({
      quantity: BOOT,
      group: '',
      peer: ours.title,
      against: bareNode.title,
      limit: { most: 3 },
    })),
    ...noWorse(event, eventBefore),
    ...noWorse(sync, syncBefore),
  ],
  async run(context) {
    // The first start of each finds cold files, which is not what is asked.
    const results = await inTurnUnstarted(context, context.quick ? 1 : ROUNDS + 1, start);
    return results.flatMap(figures);
  },
};

function noWorse(now: Peer, before: Peer): Claim[] {
  const whose = { group: '', peer: now.title, against: before.title };
  return [
    { ...whose, quantity: BOOT, limit: { most: ALIKE.time } },
    { ...whose, quantity: PSS, limit: { most: ALIKE.memory } },
  ];
}

async function start(peer: Peer): Promise<Start> {
  const started = performance.now();
  const server = await RunningServer.launch(peer, { workers: WORKERS });
  try {
    await server.answers();
    const ms = performance.now() - started;
    await server.settled();
    return { ms, pss: processTree(server.pid).reduce((sum, one) => sum + memoryOf(one).pss, 0) };
  } finally {
    await server.stop();
  }
}

function figures({ peer, rounds }: Result<Start>): Measurement[] {
  const warm = rounds.length > 1 ? rounds.slice(1) : rounds;
  const whose = { peer: peer.title, group: '' };
  return [
    ofRounds(
      whose,
      BOOT,
      warm.map(({ ms }) => ms),
    ),
    ofRounds(
      whose,
      PSS,
      warm.map(({ pss }) => pss / MEGABYTE),
    ),
  ];
}

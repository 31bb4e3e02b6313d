import { inTurnUnstarted } from '../field.ts';
import { ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { PEERS } from '../peers.ts';
import { bareNode } from '../peers/bare-node.ts';
import { event } from '../peers/event.ts';
import { sync, syncLog } from '../peers/sync.ts';
import { BOOT } from '../quantity.ts';
import { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 7;
const WORKERS = 4;

export const boot: Scenario = {
  name: 'boot',
  title: 'From the start to the first answer',
  about: `From the start of the command to its first answer, ${WORKERS} workers where there are some; medians of ${ROUNDS} starts in turn.`,
  peers: PEERS.filter((peer) => peer !== syncLog),
  drawn: [BOOT],
  claims: [sync, event].map(({ title }) => ({
    quantity: BOOT,
    group: '',
    peer: title,
    against: bareNode.title,
    limit: { most: 3 },
  })),
  async run(context) {
    // The first start of each finds cold files, which is not what is asked.
    const results = await inTurnUnstarted(context, context.quick ? 1 : ROUNDS + 1, timeToFirstAnswer);
    return results.map(({ peer, rounds }) =>
      ofRounds({ peer: peer.title, group: '' }, BOOT, rounds.length > 1 ? rounds.slice(1) : rounds),
    );
  },
};

async function timeToFirstAnswer(peer: Peer): Promise<number> {
  const started = performance.now();
  const server = await RunningServer.launch(peer, { workers: WORKERS });
  try {
    await server.answers();
    return performance.now() - started;
  } finally {
    await server.stop();
  }
}

import { inTurnUnstarted, withServer } from '../field.ts';
import { gatherIdleWebSockets } from '../load/client.ts';
import { ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { asgiHello } from '../peers/asgi.ts';
import { memoryOf, processTree } from '../process-tree.ts';
import { ownQuantity } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Context, Scenario } from '../scenario.ts';

/** A first crowd, for which code is compiled and memory fetched, and the one that is measured. */
const CROWDS = { first: 1000, second: 4000 } as const;
const QUICK_CROWDS = { first: 50, second: 100 } as const;
const ROUNDS = 3;

const EACH = ownQuantity('PSS of each', 'kB');

export const asgiIdle: Scenario = {
  name: 'asgi-idle',
  title: 'Idle WebSockets of an ASGI application',
  about:
    `What each of ${CROWDS.second.toLocaleString('en')} WebSockets takes that were opened and then keep silent, beside ` +
    `${CROWDS.first.toLocaleString('en')} others: PSS of the whole process tree, with what the application keeps of each; medians of ${ROUNDS} starts in turn.`,
  peers: [asgiHello.ours, asgiHello.uvicorn, asgiHello.gunicorn],
  drawn: [EACH],
  minutes: 1.5,
  claims: [
    {
      quantity: EACH,
      group: '',
      peer: asgiHello.ours.title,
      against: asgiHello.uvicorn.title,
      limit: { most: 1 },
    },
  ],
  async run(context) {
    const results = await inTurnUnstarted(context, context.quick ? 1 : ROUNDS, (peer) => each(context, peer));
    return results.map(({ peer, rounds }) => ofRounds({ peer: peer.title, group: '' }, EACH, rounds));
  },
};

function each({ quick }: Context, peer: Peer): Promise<number> {
  const { first, second } = quick ? QUICK_CROWDS : CROWDS;
  return withServer(peer, { workers: 1, connections: first + second }, async (server) => {
    const others = await gatherIdleWebSockets(server.port, first);
    const before = await pssOf(server);
    const crowd = await gatherIdleWebSockets(server.port, second);
    const after = await pssOf(server);
    await Promise.all([others.leave(), crowd.leave()]);
    return (after - before) / 1024 / second;
  });
}

async function pssOf(server: RunningServer): Promise<number> {
  await server.settled();
  return processTree(server.pid).reduce((sum, one) => sum + memoryOf(one).pss, 0);
}

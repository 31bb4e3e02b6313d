import { hello } from '../applications.ts';
import { freePort } from '../free-port.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { median } from '../quantile.ts';
import type { Peer } from '../peer.ts';
import { bareNode } from '../peers/bare-node.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 7;
const WORKERS = 4;

export const boot: Scenario = {
  name: 'boot',
  about: `From the start of the process to its first answer, ${WORKERS} workers; median of ${ROUNDS} starts in turn.`,
  async run(progress) {
    const ours: number[] = [];
    const bare: number[] = [];
    // The first start of each finds cold files, which is not what is asked.
    await timeToFirstAnswer(bareNode);
    await timeToFirstAnswer(gunicorn);
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`start ${round} of ${ROUNDS}`);
      bare.push(await timeToFirstAnswer(bareNode));
      ours.push(await timeToFirstAnswer(gunicorn));
    }
    return [
      {
        scenario: 'boot',
        name: `start to first answer, ${WORKERS} workers`,
        unit: 'ms',
        value: median(ours),
        baseline: { peer: bareNode.name, value: median(bare) },
        compare: 'ratio',
        target: 3,
      },
    ];
  },
};

async function timeToFirstAnswer(peer: Peer): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const server = peer.start({ application: hello, workers: WORKERS, port });
  try {
    await server.unlessItEnds(firstAnswer({ port, timeoutMs: 20_000 }));
    return performance.now() - started;
  } finally {
    await server.stop();
  }
}

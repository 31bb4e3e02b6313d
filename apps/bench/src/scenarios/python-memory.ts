import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim } from '../claim.ts';
import { inTurnUnstarted } from '../field.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { djangoPreload, djangoProcesses, djangoSync } from '../peers/python.ts';
import { memoryOf, processTree } from '../process-tree.ts';
import { BOOT, PSS } from '../quantity.ts';
import { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 5;
const AT_A_TIME = 4;
const MEGABYTE = 1024 * 1024;
/** Before it has served anything, no process has touched the code that serves. */
const FIRST_REQUESTS = 100;
/** What a start has left is given back by then, in milliseconds. */
const REST_MS = 2000;

interface Start {
  readonly ms: number;
  /** Bytes, of the whole tree. */
  readonly pss: number;
}

export const pythonMemory: Scenario = {
  name: 'python-memory',
  title: 'Memory and start of Django',
  about:
    `Django under Gunicorn and under this server, ${AT_A_TIME} requests at a time: from the start of the command to its first ` +
    `answer, and PSS of the whole process tree after ${FIRST_REQUESTS} requests; medians of ${ROUNDS} starts in turn.`,
  peers: [
    djangoSync.ours,
    djangoSync.gunicorn,
    djangoPreload.ours,
    djangoPreload.gunicorn,
    djangoProcesses.ours,
  ],
  drawn: [PSS, BOOT],
  minutes: 3,
  claims: [
    { quantity: PSS, group: '', peer: djangoPreload.ours.title, limit: { most: 165 } },
    { quantity: PSS, group: '', peer: djangoProcesses.ours.title, limit: { most: 120 } },
    ...[djangoSync, djangoPreload].map(({ ours, gunicorn }): Claim => ({
      quantity: BOOT,
      group: '',
      peer: ours.title,
      against: gunicorn.title,
      limit: { most: 1 },
    })),
  ],
  async run(context) {
    // The first start of each finds cold files, which is not what is asked.
    const results = await inTurnUnstarted(context, context.quick ? 1 : ROUNDS + 1, start);
    return results.flatMap(({ peer, rounds }) => {
      const warm = rounds.length > 1 ? rounds.slice(1) : rounds;
      const whose = { peer: peer.title, group: '' };
      return [
        ofRounds(
          whose,
          PSS,
          warm.map(({ pss }) => pss / MEGABYTE),
        ),
        ofRounds(
          whose,
          BOOT,
          warm.map(({ ms }) => ms),
        ),
      ];
    });
  },
};

async function start(peer: Peer): Promise<Start> {
  const started = performance.now();
  const server = await RunningServer.launch(peer, { workers: AT_A_TIME });
  try {
    await server.answers();
    const ms = performance.now() - started;
    await server.settled();
    const { port } = server;
    for (let count = 0; count < FIRST_REQUESTS; count++) await firstAnswer({ port, timeoutMs: 10_000 });
    await sleep(REST_MS);
    await server.settled();
    return { ms, pss: processTree(server.pid).reduce((sum, one) => sum + memoryOf(one).pss, 0) };
  } finally {
    await server.stop();
  }
}

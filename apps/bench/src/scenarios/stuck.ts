import { stuck as application } from '../applications.ts';
import { withServer } from '../field.ts';
import { ask } from '../load/ask.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { median } from '../quantile.ts';
import { event } from '../peers/event.ts';
import { ownQuantity, P50 } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

const WORKERS = 4;
const REQUESTS = 200;
const AT_A_TIME = 4;
const START_MS = 20_000;
const TIMEOUT_SECONDS = 6;
const AUTOPSY = /WORKER TIMEOUT[^]*?spinForEver[^]*?stuck\.ts:\d+/;

const LONGEST = ownQuantity('longest wait', 'ms');

export const stuck: Scenario = {
  name: 'stuck',
  title: 'One worker of four is stuck for ever',
  about: `${WORKERS} workers, one in while(true): ${REQUESTS} quick requests on new connections, and what the log says of the stuck one.`,
  peers: [event],
  drawn: [],
  minutes: 0.5,
  claims: [{ quantity: LONGEST, group: '', peer: event.title, limit: { most: 500 } }],
  async run({ peers, progress }) {
    const figures = await Promise.all(
      peers.map((peer) =>
        withServer(peer, { application, workers: WORKERS, timeout: TIMEOUT_SECONDS }, async (server) => {
          const { port, output } = server;
          await allWorkersServe(port);
          const lost = firstAnswer({ port, path: '/stuck', timeoutMs: 60_000 }).catch(() => {});
          await output.waitFor(/stuck in \d+/, 5000);
          progress(`${REQUESTS} requests`);
          const waits = await quickRequests(port);
          progress('waiting for the autopsy');
          await output.waitFor(AUTOPSY, TIMEOUT_SECONDS * 2000 + 5000);
          await lost;
          const whose = { peer: peer.title, group: '' };
          return [
            { ...whose, quantity: LONGEST, value: Math.max(...waits) },
            { ...whose, quantity: P50, value: median(waits) },
          ];
        }),
      ),
    );
    return figures.flat();
  },
};

/** A worker that still boots cannot take what the stuck one does not; its boot is not what is measured. */
async function allWorkersServe(port: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  const seen = new Set<string>();
  while (seen.size < WORKERS) {
    if (performance.now() > deadline) throw new Error(`Only ${seen.size} workers answered in ${START_MS} ms`);
    const answers = await Promise.all(Array.from({ length: WORKERS * 4 }, () => ask(port, '/')));
    for (const pid of answers) seen.add(pid);
  }
}

async function quickRequests(port: number): Promise<number[]> {
  const waits: number[] = [];
  async function oneAfterTheOther(): Promise<void> {
    while (waits.length < REQUESTS) {
      const started = performance.now();
      waits.push(NaN);
      const index = waits.length - 1;
      await firstAnswer({ port, timeoutMs: 20_000 });
      waits[index] = performance.now() - started;
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, oneAfterTheOther));
  return waits;
}

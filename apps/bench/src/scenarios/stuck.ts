import { stuck as application } from '../applications.ts';
import { ask } from '../load/ask.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { median } from '../quantile.ts';
import { gunicorn } from '../peers/gunicorn.ts';
import type { Scenario } from '../scenario.ts';

const WORKERS = 4;
const REQUESTS = 200;
const AT_A_TIME = 4;
const START_MS = 20_000;
const TIMEOUT_SECONDS = 6;
const AUTOPSY = /WORKER TIMEOUT[^]*?spinForEver[^]*?stuck\.ts:\d+/;

export const stuck: Scenario = {
  name: 'stuck',
  about: `${WORKERS} workers, one in while(true): ${REQUESTS} quick requests on new connections, and what the log says of the stuck one.`,
  async run(progress) {
    const server = gunicorn.start({ application, workers: WORKERS, timeout: TIMEOUT_SECONDS });
    try {
      const port = await server.listening();
      await allWorkersServe(port);
      const lost = firstAnswer({ port, path: '/stuck', timeoutMs: 60_000 }).catch(() => {});
      await server.output.waitFor(/stuck in \d+/, 5000);
      progress(`${REQUESTS} requests`);
      const waits = await quickRequests(port);
      progress('waiting for the autopsy');
      await server.output.waitFor(AUTOPSY, TIMEOUT_SECONDS * 2000 + 5000);
      await lost;
      const scenario = 'stuck';
      return [
        {
          scenario,
          name: 'longest wait, 1 of 4 workers stuck',
          unit: 'ms',
          value: Math.max(...waits),
          target: 500,
        },
        { scenario, name: 'median wait, 1 of 4 workers stuck', unit: 'ms', value: median(waits) },
      ];
    } finally {
      await server.stop();
    }
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

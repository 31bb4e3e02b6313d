import { countFailures, describeFailures, type Failures } from '../failures.ts';
import { oneByOne, withServer } from '../field.ts';
import { askWhile } from '../load/client.ts';
import type { Measurement } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { event } from '../peers/event.ts';
import { gunicornGevent, gunicornGthread, gunicornSync } from '../peers/gunicorn-python.ts';
import { nginx } from '../peers/nginx.ts';
import { pm2 } from '../peers/pm2.ts';
import { sync } from '../peers/sync.ts';
import { FAILED, ownQuantity } from '../quantity.ts';
import type { RunningServer } from '../running-server.ts';
import type { Context, Scenario } from '../scenario.ts';

const WORKERS = 4;
const CLIENTS = 8;
const RELOADS = 10;
const QUICK_RELOADS = 2;

const LASTS = ownQuantity('time of a reload', 'ms');
const GROUPS = [
  { group: 'a connection for each request', keepAlive: false },
  { group: 'connections kept where the server keeps them', keepAlive: true },
];

interface Outcome {
  readonly group: string;
  readonly answered: number;
  readonly failures: Failures;
  readonly msEach: number;
}

export const reload: Scenario = {
  name: 'reload',
  title: 'Ten reloads under load',
  about:
    `${WORKERS} workers exchanged ${RELOADS} times, one reload after the other, while ${CLIENTS} clients ask as fast as ` +
    'they can: the requests that failed.',
  peers: [sync, event, pm2, nginx, gunicornSync, gunicornGthread, gunicornGevent],
  drawn: [FAILED],
  minutes: 3,
  claims: [sync, event].flatMap(({ title }) =>
    GROUPS.map(({ group }) => ({ quantity: FAILED, group, peer: title, limit: { most: 0 } })),
  ),
  async run(context) {
    const results = await oneByOne(context, (peer) =>
      withServer(peer, { workers: WORKERS }, (server) => reloads(server, context)),
    );
    return results.flatMap(({ peer, result }) => result.flatMap((one) => figures(peer, one)));
  },
};

async function reloads(server: RunningServer, { quick }: Context): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const times = quick ? QUICK_RELOADS : RELOADS;
  for (const { group, keepAlive } of GROUPS) {
    let msEach = 0;
    const load = { port: server.port, clients: CLIENTS, keepAlive };
    const { plain, failures } = await askWhile(load, async () => {
      const started = performance.now();
      for (let time = 0; time < times; time++) await server.reload();
      msEach = (performance.now() - started) / times;
    });
    outcomes.push({ group, answered: plain.count, failures, msEach });
  }
  return outcomes;
}

function figures({ title }: Peer, { group, answered, failures, msEach }: Outcome): Measurement[] {
  const whose = { peer: title, group };
  const kinds = describeFailures(failures);
  return [
    {
      ...whose,
      quantity: FAILED,
      value: countFailures(failures),
      note: `of ${answered}${kinds && `: ${kinds}`}`,
    },
    { ...whose, quantity: LASTS, value: msEach },
  ];
}

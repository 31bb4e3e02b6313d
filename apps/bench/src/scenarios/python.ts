import type { Claim } from '../claim.ts';
import { inTurnUnstarted, only, withServer } from '../field.ts';
import { firstAnswer } from '../load/first-answer.ts';
import { plainLoad } from '../load/plain-load.ts';
import { WRK } from '../load/wrk.ts';
import { type Measurement, ofRounds } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import { djangoSync, type PythonPair, pythonGevent, pythonGthread, pythonSync } from '../peers/python.ts';
import { memoryOf, processTree } from '../process-tree.ts';
import { CPU, PSS, RATE } from '../quantity.ts';
import type { Context, Scenario } from '../scenario.ts';
import { partOf } from '../time.ts';

const CLIENTS = 8;
const MEGABYTE = 1024 * 1024;
const FIRST_REQUESTS = 100;
/** The time that memory takes, over that of a pair. */
const MEMORY_SHARE = 1.5;
const PRELOADED = '4 workers with --preload';

interface Field {
  readonly group: string;
  readonly pair: PythonPair;
  /** Sync workers close each connection in any case. */
  readonly keepAlive?: boolean;
  /** The most of Gunicorn's CPU for a request that is claimed. */
  readonly most?: number;
}

const FIELDS: readonly Field[] = [
  { group: 'sync', pair: pythonSync, most: 0.36 },
  { group: 'gthread', pair: pythonGthread, most: 0.45 },
  { group: 'gevent', pair: pythonGevent, most: 0.5 },
  { group: 'Django, sync', pair: djangoSync, most: 0.68 },
  { group: 'gthread, kept connections', pair: pythonGthread, keepAlive: true },
  { group: 'gevent, kept connections', pair: pythonGevent, keepAlive: true },
];

export const python: Scenario = {
  name: 'python',
  title: 'Applications in Python',
  about:
    `A WSGI application under Gunicorn and under this server, with the same flags. ${CLIENTS} clients, one worker on one ` +
    'core: a connection for each request, and where connections are kept, kept ones as well. And PSS of 4 workers that ' +
    'share what was loaded.',
  peers: [...new Set(FIELDS.flatMap(({ pair: { ours, gunicorn } }) => [ours, gunicorn]))],
  tools: [WRK],
  drawn: [CPU, RATE],
  minutes: 3,
  claims: FIELDS.flatMap(claimOf),
  async run(context) {
    const measurements: Measurement[] = [];
    for (const [index, field] of FIELDS.entries()) {
      const own = partOf(context, [...FIELDS.slice(index).map(() => 1), MEMORY_SHARE]);
      measurements.push(...(await costOf(own, field)));
    }
    return [...measurements, ...(await memoryOfPreloaded(context))];
  },
};

function claimOf({ group, pair: { ours, gunicorn }, most }: Field): readonly Claim[] {
  if (most === undefined) return [];
  return [{ quantity: CPU, group, peer: ours.title, against: gunicorn.title, limit: { most } }];
}

async function costOf(
  context: Context,
  { group, pair, keepAlive = false }: Field,
): Promise<readonly Measurement[]> {
  const measured = await plainLoad(only(context, [pair.ours, pair.gunicorn]), {
    clients: [CLIENTS],
    keepAlive,
  });
  return measured.map((one) => ({ ...one, group }));
}

async function memoryOfPreloaded(context: Context): Promise<readonly Measurement[]> {
  const results = await inTurnUnstarted(
    only(context, [djangoSync.ours, djangoSync.gunicorn]),
    context.quick ? 1 : 3,
    pssOf,
  );
  return results.map(({ peer, rounds }) => ofRounds({ peer: peer.title, group: PRELOADED }, PSS, rounds));
}

async function pssOf(peer: Peer): Promise<number> {
  return withServer(peer, { workers: 4, extra: ['--preload'] }, async (server) => {
    for (let count = 0; count < FIRST_REQUESTS; count++) {
      await firstAnswer({ port: server.port, timeoutMs: 10_000 });
    }
    await server.settled();
    return processTree(server.pid).reduce((sum, one) => sum + memoryOf(one).pss, 0) / MEGABYTE;
  });
}

import { gatherSlow } from '../load/client.ts';
import { WRK } from '../load/wrk.ts';
import { event } from '../peers/event.ts';
import { sync } from '../peers/sync.ts';
import { LOSS } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';
import { crowded, WITH_CROWDS } from './crowded.ts';

const SLOW = 100;
const EVERY_MS = 100;

export const slowHeads: Scenario = {
  name: 'slow-heads',
  title: 'A hundred clients that send their head byte by byte',
  about:
    `${SLOW} connections that send a byte of a head every ${EVERY_MS} ms, beside 8 normal clients (wrk): the part of the ` +
    'rate that is lost. One worker on one core, with and without them by turns.',
  peers: WITH_CROWDS,
  tools: [WRK],
  drawn: [LOSS],
  minutes: 4,
  claims: [sync, event].map(({ title }) => ({
    quantity: LOSS,
    group: '',
    peer: title,
    limit: { most: 5 },
  })),
  run: (context) =>
    crowded(context, {
      start: { workers: 1, core: 'server', connections: 1000 },
      gather: (port) => gatherSlow(port, SLOW, EVERY_MS),
    }),
};

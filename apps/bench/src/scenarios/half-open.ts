import { gatherSlow } from '../load/client.ts';
import { WRK } from '../load/wrk.ts';
import { event } from '../peers/event.ts';
import { sync } from '../peers/sync.ts';
import { LOSS } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';
import { crowded, WITH_CROWDS } from './crowded.ts';

const HALF_OPEN = 1000;

export const halfOpen: Scenario = {
  name: 'half-open',
  title: 'A thousand clients that stop in the middle of a head',
  about:
    `${HALF_OPEN} connections that have sent half a head and nothing more, beside 8 normal clients (wrk): the part of ` +
    'the rate that is lost. One worker on one core, with and without them by turns.',
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
      // Some to spare for those who ask normally.
      start: { workers: 1, core: 'server', connections: HALF_OPEN + 200 },
      gather: (port) => gatherSlow(port, HALF_OPEN, 0),
    }),
};

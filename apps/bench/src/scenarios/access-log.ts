import { WRK } from '../load/wrk.ts';
import { EVENT_LOGS, SYNC_LOGS } from '../peers/access-log.ts';
import { CPU } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';
import { measurePairs, type PairField, pairClaims, peersOf } from './pairs.ts';

const FIELDS: readonly PairField[] = [
  { pairs: EVENT_LOGS, clients: 64, keepAlive: true },
  { pairs: SYNC_LOGS, clients: 8, keepAlive: false },
];

export const accessLog: Scenario = {
  name: 'access-log',
  title: 'A line in the access log for each request',
  about:
    'The same server with and without an access log in a file. One worker on one core, wrk on another, connections kept ' +
    'under event workers, and one for each request under sync; rounds in turn, medians.',
  peers: peersOf(FIELDS),
  tools: [WRK],
  drawn: [CPU],
  minutes: 2.5,
  claims: pairClaims(FIELDS, 1.15),
  run: measurePairs(FIELDS),
};

import { WRK } from '../load/wrk.ts';
import { EVENT_COUNTERS, SYNC_COUNTERS } from '../peers/counters.ts';
import { CPU } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';
import { measurePairs, type PairField, pairClaims, peersOf } from './pairs.ts';

const FIELDS: readonly PairField[] = [
  { pairs: EVENT_COUNTERS, clients: 64, keepAlive: true },
  { pairs: SYNC_COUNTERS, clients: 8, keepAlive: false },
];

export const counters: Scenario = {
  name: 'counters',
  title: 'Counting each request',
  about:
    'The same server with its metrics and without (`--no-metrics`). One worker on one core, wrk on another, connections ' +
    'kept under event workers, and one for each request under sync; rounds in turn, medians.',
  peers: peersOf(FIELDS),
  tools: [WRK],
  drawn: [CPU],
  minutes: 2.5,
  claims: pairClaims(FIELDS, 1.02),
  run: measurePairs(FIELDS),
};

import type { Claim } from '../claim.ts';
import { only } from '../field.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import { WRK } from '../load/wrk.ts';
import type { Measurement } from '../measurement.ts';
import { EVENT_LOGS, type LogPair, SYNC_LOGS } from '../peers/access-log.ts';
import { CPU } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';

interface Field {
  readonly pairs: readonly LogPair[];
  readonly clients: number;
  readonly keepAlive: boolean;
}

const FIELDS: readonly Field[] = [
  { pairs: EVENT_LOGS, clients: 64, keepAlive: true },
  { pairs: SYNC_LOGS, clients: 8, keepAlive: false },
];

export const accessLog: Scenario = {
  name: 'access-log',
  title: 'A line in the access log for each request',
  about:
    'The same server with and without an access log in a file. One worker on one core, wrk on another, connections kept ' +
    'under event workers, and one for each request under sync; rounds in turn, medians.',
  peers: FIELDS.flatMap(({ pairs }) => pairs.flatMap(({ without, withLog }) => [without, withLog])),
  tools: [WRK],
  drawn: [CPU],
  claims: FIELDS.flatMap(({ pairs, clients }) => pairs.map((pair) => claimOf(pair, clients))),
  async run(context) {
    const measurements: Measurement[] = [];
    for (const { pairs, clients, keepAlive } of FIELDS) {
      for (const pair of pairs) {
        const both = only(context, [pair.without, pair.withLog]);
        const measured = await plainLoad(both, { clients: [clients], keepAlive });
        measurements.push(...measured.map((one) => ({ ...one, group: groupOf(pair, clients) })));
      }
    }
    return measurements;
  },
};

function claimOf(pair: LogPair, clients: number): Claim {
  return {
    quantity: CPU,
    group: groupOf(pair, clients),
    peer: pair.withLog.title,
    against: pair.without.title,
    limit: { most: 1.15 },
  };
}

function groupOf({ without }: LogPair, clients: number): string {
  return `${without.title}, ${groupName(clients)}`;
}

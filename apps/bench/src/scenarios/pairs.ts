import type { Claim } from '../claim.ts';
import { only } from '../field.ts';
import { groupName, plainLoad } from '../load/plain-load.ts';
import type { Measurement } from '../measurement.ts';
import type { Peer } from '../peer.ts';
import type { Pair } from '../peers/pair.ts';
import { CPU } from '../quantity.ts';
import type { Scenario } from '../scenario.ts';
import { evenly } from '../time.ts';

/** Pairs that are asked in one way. */
export interface PairField {
  readonly pairs: readonly Pair[];
  readonly clients: number;
  readonly keepAlive: boolean;
}

export function peersOf(fields: readonly PairField[]): readonly Peer[] {
  return fields.flatMap(({ pairs }) => pairs.flatMap(({ without, withIt }) => [without, withIt]));
}

/** The processor time of a request of each pair, in turn. */
export function measurePairs(fields: readonly PairField[]): Scenario['run'] {
  return async (context) => {
    const measurements: Measurement[] = [];
    const races = fields.flatMap(({ pairs, ...how }) => pairs.map((pair) => ({ pair, ...how })));
    for (const [{ pair, clients, keepAlive }, own] of evenly(context, races)) {
      const both = only(own, [pair.without, pair.withIt]);
      const measured = await plainLoad(both, { clients: [clients], keepAlive });
      measurements.push(...measured.map((one) => ({ ...one, group: groupOf(pair, clients) })));
    }
    return measurements;
  };
}

/** Each pair costs at most so many times as much with it as without. */
export function pairClaims(fields: readonly PairField[], most: number): readonly Claim[] {
  return fields.flatMap(({ pairs, clients }) =>
    pairs.map((pair) => ({
      quantity: CPU,
      group: groupOf(pair, clients),
      peer: pair.withIt.title,
      against: pair.without.title,
      limit: { most },
    })),
  );
}

function groupOf({ without }: Pair, clients: number): string {
  return `${without.title}, ${groupName(clients)}`;
}

import type { Measurement } from './measurement.ts';
import { median } from './quantile.ts';
import type { Quantity } from './quantity.ts';

/** What the project says of itself, and what is held against it. */
export interface Claim {
  readonly quantity: Quantity;
  readonly group: string;
  /** Title of the peer that it is about. */
  readonly peer: string;
  /** Title of the peer that it is compared with. Without it the limit is for the value itself. */
  readonly against?: string;
  /** How it is compared. Default: by ratio. */
  readonly by?: 'ratio' | 'difference';
  /** The most that is allowed, or the least, in the terms of `by`. */
  readonly limit: { readonly most: number } | { readonly least: number };
}

export interface Verdict {
  readonly claim: Claim;
  readonly verdict: 'met' | 'falls short' | 'not measured';
  /** The number that the limit is for. */
  readonly measured?: number;
  /** By which part of the limit it is missed: 0.12 is 12 %. Absent when it is met, or when the limit is 0. */
  readonly shortBy?: number;
}

export function judge(claim: Claim, measurements: readonly Measurement[]): Verdict {
  const ours = find(claim, claim.peer, measurements);
  const theirs = claim.against === undefined ? undefined : find(claim, claim.against, measurements);
  if (ours === undefined || (claim.against !== undefined && theirs === undefined)) {
    return { claim, verdict: 'not measured' };
  }
  const measured = compared(claim, ours, theirs);
  const short = 'most' in claim.limit ? measured - claim.limit.most : claim.limit.least - measured;
  if (short <= 0) return { claim, verdict: 'met', measured };
  const limit = limitOf(claim);
  return { claim, verdict: 'falls short', measured, ...(limit !== 0 && { shortBy: short / limit }) };
}

export function limitOf({ limit }: Claim): number {
  return 'most' in limit ? limit.most : limit.least;
}

function compared(claim: Claim, ours: Measurement, theirs: Measurement | undefined): number {
  if (theirs === undefined) return ours.value;
  return claim.by === 'difference' ? ours.value - theirs.value : ratioOf(ours, theirs);
}

/** By rounds that were neighbours, where there are such: what else the machine did then met both alike. */
function ratioOf(ours: Measurement, theirs: Measurement): number {
  const { rounds = [] } = theirs;
  if (rounds.length === 0 || rounds.length !== ours.rounds?.length) return ours.value / theirs.value;
  return median(ours.rounds.map((value, round) => value / rounds[round]!));
}

function find(
  { quantity, group }: Claim,
  peer: string,
  measurements: readonly Measurement[],
): Measurement | undefined {
  return measurements.find(
    (one) => one.peer === peer && one.group === group && one.quantity.name === quantity.name,
  );
}

import type { Measurement } from './measurement.ts';
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
  const ours = valueOf(claim, claim.peer, measurements);
  const theirs = claim.against === undefined ? undefined : valueOf(claim, claim.against, measurements);
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

function compared(claim: Claim, ours: number, theirs: number | undefined): number {
  if (theirs === undefined) return ours;
  return claim.by === 'difference' ? ours - theirs : ours / theirs;
}

function valueOf(
  { quantity, group }: Claim,
  peer: string,
  measurements: readonly Measurement[],
): number | undefined {
  return measurements.find(
    (one) => one.peer === peer && one.group === group && one.quantity.name === quantity.name,
  )?.value;
}

import type { Claim, Verdict } from './claim.ts';
import type { Machine } from './machine.ts';
import type { Measurement } from './measurement.ts';
import type { Quantity } from './quantity.ts';

/** All that a run of the bench has found, as it is written to `results.json`. */
export interface Report {
  readonly machine: Machine;
  /** Too short to be believed. */
  readonly quick: boolean;
  /** Titles of the peers, with their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** Who was not asked at all, and why. */
  readonly missing: readonly Absence[];
  readonly scenarios: readonly ScenarioReport[];
  /** Scenarios that were not yet asked when this was written: names. */
  readonly outstanding: readonly string[];
}

/** A peer that could not be measured. */
export interface Absence {
  readonly peer: string;
  readonly reason: string;
}

export interface ScenarioReport {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly measurements: readonly Measurement[];
  readonly verdicts: readonly Verdict[];
  readonly drawn: readonly Quantity[];
  /** Who failed while it was measured. */
  readonly failed: readonly Absence[];
  /** How long it took. */
  readonly seconds: number;
}

/** The circumstances that a scenario distinguishes, in the order in which they were measured. */
export function groupsOf(measurements: readonly Measurement[]): readonly string[] {
  return [...new Set(measurements.map((one) => one.group))];
}

/** What a claim is about, in words: `CPU per request, 8 clients: gunicorn-ts sync against nginx`. */
export function describeClaim({ quantity, group, peer, against }: Claim): string {
  const circumstances = group === '' ? '' : `, ${group}`;
  return `${quantity.name}${circumstances}: ${peer}${against === undefined ? '' : ` against ${against}`}`;
}

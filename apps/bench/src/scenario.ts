import type { Claim } from './claim.ts';
import type { Measurement } from './measurement.ts';
import type { Peer, Tool } from './peer.ts';
import type { Quantity } from './quantity.ts';

/** One question that is asked of the peers. */
export interface Scenario {
  /** As `--only` takes it. */
  readonly name: string;
  /** A heading: the question in a few words. */
  readonly title: string;
  /** What is measured and how, in a sentence or two. */
  readonly about: string;
  /** Those it can be asked of, in the order of the table. The others are measured against the first. */
  readonly peers: readonly Peer[];
  /** What it cannot do without, besides a peer. */
  readonly tools?: readonly Tool[];
  /** What is drawn, each in a panel of its own for each group. */
  readonly drawn: readonly Quantity[];
  readonly claims: readonly Claim[];
  /** What it takes when nobody is in a hurry: its part of a run that has less time is cut by this. */
  readonly minutes: number;
  run(context: Context): Promise<readonly Measurement[]>;
}

/** What a scenario is given. */
export interface Context {
  /** Those of its peers that are wanted and installed. */
  readonly peers: readonly Peer[];
  /** Only show that it works: few rounds, short ones. */
  readonly quick: boolean;
  /** By `performance.now()`: no further round is begun then, but for the few that a median needs. */
  readonly until: number;
  /** Says on stderr what is going on. */
  readonly progress: (text: string) => void;
  /** Leaves a peer out of the rest of this scenario, and tells why. */
  readonly giveUp: (peer: Peer, reason: unknown) => void;
}

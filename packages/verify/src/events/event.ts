import type { CopiedServer } from '../copy/copied-server.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Random } from '../random.ts';
import type { EventName } from './names.ts';

/** What an event may use. */
export interface Scene {
  readonly server: CopiedServer;
  readonly ledger: Ledger;
  readonly random: Random;
}

/** An event that happened. Times are the ledger's. */
export interface Happened {
  readonly name: EventName;
  readonly from: number;
  readonly to: number;
  /** For the report: `4 workers serve`. */
  readonly note: string;
  /** It did not go as it must, whatever became of requests. */
  readonly fault: string | undefined;
  /** A process was killed then: what it had is lost. */
  readonly killedAt: number | undefined;
}

/** Makes an event happen, and waits until it is over. */
export type Make = (scene: Scene) => Promise<Pick<Happened, 'note' | 'fault'> & { killedAt?: number }>;

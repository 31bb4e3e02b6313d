import type { Operated } from '../copy/command.ts';
import type { CopiedServer } from '../copy/copied-server.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Random } from '../random.ts';
import type { EventName } from './names.ts';

/** What an event may use. */
export interface Scene<S extends Operated = CopiedServer> {
  readonly server: S;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Starts one more copy with further arguments, under load until it is let go. */
  another(...words: readonly string[]): Promise<Another>;
}

/** A copy for the time of one event. */
export interface Another {
  readonly server: CopiedServer;
  /** Ends load and server. */
  end(): Promise<void>;
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
  /** A process was killed, or hung, then: what it had is lost. */
  readonly killedAt: number | undefined;
  /** The process that hung, or was killed, had connections until then. */
  readonly heldUntil?: number | undefined;
  /** Nobody listened any more from then on, and connections of the last moment may have been reset. */
  readonly closedAt?: number | undefined;
}

/** How an event came out. */
export type Result = Pick<Happened, 'note' | 'fault'> & { killedAt?: number; heldUntil?: number };

/** Makes an event happen, and waits until it is over. */
export type Make<S extends Operated = CopiedServer> = (scene: Scene<S>) => Promise<Result>;

export function done(note: string): Result {
  return { note, fault: undefined };
}

export function wrong(fault: string): Result {
  return { note: '', fault };
}

import type { ServedConnection } from '../connection/served-connection.ts';
import type { BegunRequest } from '../observe/ended-request.ts';

/** Who keeps a request waiting: an application that does not go on may be stuck, a client that does not says nothing about it. */
export type WaitedFor = 'application' | 'reader' | 'sender';

/** A request that has arrived, and is not with the application before a {@link Gate} lets it. */
export interface ArrivedRequest extends BegunRequest {
  readonly connection: ServedConnection;
  /** Whether nothing is to be done any more: its client has left, or it was given up. */
  readonly isOver: boolean;
  readonly waitedFor: WaitedFor;
  /** Has the application answer. Does not throw. A promise, which is not rejected, when the application goes on. */
  run(): void | Promise<void>;
  /** Gives the request up, and answers its client as far as it can still be answered. */
  onTimeout(): void;
}

/** What a request counts as that somebody else has answered, and how long the answer may take to be written, in milliseconds. */
export const ANSWERED_ELSEWHERE = 504;
export const ELSEWHERE_MS = 1000;

/** Decides when requests are with the application. What arrives meanwhile of their bodies is kept. */
export interface Gate {
  arrived(request: ArrivedRequest): void;
  /**
   * The response begins, or the request ends without one.
   * @returns false when somebody else has answered: then nothing may be written, and nothing is recorded
   */
  takeBack(request: ArrivedRequest): boolean;
}

import type { LogEntry } from './logger.ts';
import type { AccessRecord } from './request.ts';
import type { Settings } from './settings.ts';

/** What a logger of one's own is made with. */
export interface OwnLoggerContext {
  readonly settings: Readonly<Settings>;
  /** Each process has one of its own. */
  readonly role: 'arbiter' | 'worker';
}

/**
 * Writes the logs of one process in the server's place. What it has no method for, the server writes as ever; so it does
 * from then on what a method has thrown at. Methods are called where things happen: one that waits keeps a request waiting,
 * and nobody waits for a promise, whose rejection counts as if the method had thrown.
 */
export interface OwnLogger {
  /** An entry of the error log, of a level that is wanted. */
  entry?(entry: LogEntry): void;
  /** A request that is over, unless the settings leave it out; there need be no `accesslog`. */
  access?(record: AccessRecord): void;
  /** `USR1`: log files were renamed. */
  reopen?(): void;
  /** The process is about to be killed, in the midst of whatever it hangs in: writes now what it has gathered. */
  flushStanding?(): void;
  /** The process exits: nothing asynchronous runs any more. */
  close?(): void;
}

/** The default export of the module that `loggerClass` names. */
export type OwnLoggerClass = new (context: OwnLoggerContext) => OwnLogger;

import type { Autopsy } from './autopsy.ts';
import type { LogLevel, LogLine } from './logger.ts';
import type { FollowedLogs } from './message.ts';

/** What the arbiter can be asked for by whoever controls it. */
export type ControlRequest =
  /** Load settings and application anew, one worker at a time, as HUP does. */
  | { readonly ask: 'reload' }
  /** Have so many workers, until a reload brings settings that say another number. */
  | { readonly ask: 'scale'; readonly workers: number }
  /** Put another worker in the place of this one, which then finishes what it has. */
  | { readonly ask: 'replace-worker'; readonly age: number }
  /** Open the log files anew, as USR1 does. */
  | { readonly ask: 'reopen-logs' }
  /** Write entries from this level on, until a reload brings settings that say another one. */
  | { readonly ask: 'log-level'; readonly level: LogLevel }
  /** Start a second arbiter, as USR2 does. */
  | { readonly ask: 'upgrade' }
  /** Not be ready for requests any more, and serve what comes; and back. */
  | { readonly ask: 'drain' }
  | { readonly ask: 'resume' }
  /** As TERM, or INT when it is not `graceful`. */
  | { readonly ask: 'stop'; readonly graceful: boolean };

/** The arbiter, as subscribers that take orders for it may use it. Lives in the arbiter. */
export interface ArbiterControl {
  /**
   * Begins what is asked for. What becomes of it, the moments tell.
   * @param by who asks, for the log: `uid 0, pid 4711`
   * @returns why it is refused; `undefined` when it has begun
   */
  ask(request: ControlRequest, by: string): string | undefined;
  /**
   * Where the threads of a worker stand, and which requests it has; it is stopped for a moment, and goes on.
   * Rejects with the reason when it cannot say.
   */
  stacks(age: number): Promise<Autopsy>;
  /**
   * Tells of lines of both logs, of all processes of the server. Workers send them only while somebody follows.
   * @returns ends it
   */
  followLogs(follower: LogFollower): () => void;
  /** The latest entries of the error log, of all processes, the oldest first. Answers within a moment. */
  recallLogs(): Promise<readonly LogLine[]>;
}

/** Who follows the logs. */
export interface LogFollower {
  readonly logs: FollowedLogs;
  /** @param lost how many lines came too fast since the last call */
  onLines(lines: readonly LogLine[], lost: number): void;
}

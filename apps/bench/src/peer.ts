import type { RunningServer } from './running-server.ts';

/** A server that can be measured: ours, or one of those it is compared with. */
export interface Peer {
  readonly name: string;
  /** Starts it on a port of 127.0.0.1; resolves without waiting until it listens. */
  start(options: StartOptions): RunningServer;
}

/** What a scenario asks for; each peer says it in its own terms, and ignores what it does not have. */
export interface StartOptions {
  /** Path of a module whose default export is `(request, response)`. */
  readonly application: string;
  readonly workers: number;
  /** Default: one that the kernel chooses. */
  readonly port?: number;
  /** Connections that one worker has to hold at a time. */
  readonly connections?: number;
  /** Seconds that an idle connection is kept. */
  readonly keepAlive?: number;
  /** Seconds after which a silent worker counts as hung. */
  readonly timeout?: number;
  /** Flags of this one peer. */
  readonly extra?: readonly string[];
}

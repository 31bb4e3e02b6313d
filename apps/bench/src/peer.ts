/** A program that is not ours, or may not be here. */
export interface Tool {
  /** As tables and charts show it. */
  readonly title: string;
  /**
   * Installs what it needs, below `.cache/bench`, and resolves with its version.
   * @throws {NotInstalled} when it cannot be had here
   */
  prepare(): Promise<string>;
}

/** A server that can be measured: ours, or one of those it is compared with. */
export interface Peer extends Tool {
  /** As `--peers` takes it. */
  readonly name: string;
  /** How it is started on a port of 127.0.0.1. */
  launch(options: LaunchOptions): Launch;
}

/** What a scenario asks for; each peer says it in its own terms, and ignores what it does not have. */
export interface LaunchOptions {
  readonly port: number;
  readonly workers: number;
  /** A folder of this one server, removed when it has stopped: for configuration and logs. */
  readonly folder: string;
  /** Path of a module whose default export is `(request, response)`, for the peers that can load one. */
  readonly application?: string;
  /** Connections that one worker has to hold at a time. */
  readonly connections?: number;
  /** Seconds that an idle connection is kept. */
  readonly keepAlive?: number;
  /** Seconds after which a silent worker counts as hung. */
  readonly timeout?: number;
  /** Variables that the application reads. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Flags of this one peer. */
  readonly extra?: readonly string[];
}

export interface Launch {
  /** Program and arguments; runs in the foreground until TERM. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How its workers are exchanged: the HUP signal, or a command that returns when they are. */
  readonly reload?: 'HUP' | readonly string[];
}

/** Thrown when a peer, or a tool, cannot be had on this machine. The message says what is missing. */
export class NotInstalled extends Error {}

/** What a worker is doing, as far as the arbiter knows without asking it. */
export type WorkerCondition = 'booting' | 'ready' | 'draining' | 'hung';

/** One worker, in an answer. */
export interface WorkerStatus {
  readonly slot: number;
  readonly pid: number;
  readonly age: number;
  readonly generation: number;
  readonly condition: WorkerCondition;
  readonly upSeconds: number;
  /** Since its last sign of life. */
  readonly silentSeconds: number;
}

/** The state of a server, in an answer. */
export interface ServerStatus {
  readonly version: string;
  readonly pid: number;
  readonly app: string | undefined;
  readonly name: string;
  readonly workerClass: string;
  /** Where the settings were loaded. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly upSeconds: number;
  readonly phase: 'starting' | 'serving' | 'stopping';
  readonly generation: number;
  readonly target: number;
  /** The setting, in seconds: a worker that is silent for so long is killed; 0 never. */
  readonly timeout: number;
  readonly isReloading: boolean;
  /** Not to be sent requests, and serving what comes. */
  readonly isDrained: boolean;
  readonly lastReload?: { readonly at: number; readonly result: 'done' | 'refused'; readonly error?: string };
  readonly parentPid?: number;
  readonly successor?: number;
  readonly listeners: readonly { readonly url: string }[];
  readonly workers: readonly WorkerStatus[];
}

/** Who answers, and what we may ask of it. */
export interface Greeting {
  readonly server: 'gunicorn-ts';
  readonly version: string;
  readonly pid: number;
  readonly name: string;
  readonly folder: string;
  readonly right: 'view' | 'control';
  /** The arbiter that this one is to take the place of. */
  readonly parentPid?: number;
}

import type { Listener } from './listener.ts';
import type { Logger, LogLevel } from './logger.ts';
import type { Settings } from './settings.ts';

/** One worker, as subscribers of the arbiter may look at it. Lives in the arbiter. */
export interface WorkerView {
  /** Counts spawned workers, from 1. */
  readonly age: number;
  /** Its number among the workers, from 1. A replacement has that of the worker it replaces. */
  readonly slot: number;
  /** 0 until the process was started. */
  readonly pid: number;
  /** The processes that its application runs in, when they are others; as the worker says it. */
  readonly applicationPids: readonly number[];
  readonly generation: number;
  readonly phase: 'booting' | 'ready' | 'draining';
  /** It is silent for longer than `timeout`. */
  readonly hung: boolean;
  /** Milliseconds of the arbiter's `performance.now()`. */
  readonly startedAt: number;
  /** The last sign of life: of it, or of the process that its application runs in when that stands still. */
  readonly lastBeat: number;
}

/** The arbiter, as subscribers may look at it at any time; it changes nothing. Lives in the arbiter. */
export interface ArbiterView {
  readonly pid: number;
  readonly version: string;
  readonly log: Logger;
  /** Of the current generation. */
  readonly settings: Readonly<Settings>;
  /** The least severe level that is written now. */
  readonly logLevel: LogLevel;
  /** Name of the worker class. */
  readonly workerClass: string;
  /** Open now; the descriptors are the arbiter's. Empty once a stop has begun. */
  readonly listeners: readonly Listener[];
  /** How many workers are wanted. */
  readonly target: number;
  /** Counts loads of the settings that were taken up, from 1. */
  readonly generation: number;
  workers(): readonly WorkerView[];
  /** The processes that workers share: those that a loader prepared the application in. */
  sharedPids(): readonly number[];
  /**
   * What stands in the file that a worker shares with the arbiter, as far as it can be read: anything, since the worker
   * writes it. `undefined` for a worker that is gone.
   */
  memory(age: number): Uint8Array | undefined;
}

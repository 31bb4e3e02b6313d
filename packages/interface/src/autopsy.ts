import type { RequestSummary } from './request.ts';

/** One frame of JavaScript, innermost first. */
export interface AutopsyFrame {
  readonly functionName: string;
  /** Path of the file, or the URL when it is not a file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * What is known of a worker that hung, taken by its watchdog thread and written to the "last words"
 * pipe as one line of JSON.
 */
export interface Autopsy {
  readonly version: 1;
  /** How long the main thread had not turned when this was taken, in milliseconds. */
  readonly stuckMs: number;
  /** Empty when the main thread could not be stopped; `reason` then says why. */
  readonly stack: readonly AutopsyFrame[];
  /** Why there is no stack: `the main thread is in native code`. */
  readonly reason?: string;
  /** Stacks of the process behind the application, as it wrote them. */
  readonly processStacks?: string;
  readonly inFlight: readonly RequestSummary[];
  readonly heapUsedBytes?: number;
  readonly rssBytes?: number;
}

/**
 * Size of the file that a worker and its arbiter share, in bytes. Its change time is the worker's heartbeat; what is in
 * it are the worker's figures.
 */
export const WORKER_MEMORY_BYTES = 16_384;

/** Why a request never got as far as the application. */
export const REFUSAL_REASONS = [
  'bad_request',
  'too_large',
  'uri',
  'headers',
  'timeout',
  'proxy',
  'tls',
  'other',
] as const;

/** One of {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Who says how long a request has waited: the kernel, or a proxy in a header. */
export const WAIT_SOURCES = ['tcp', 'header'] as const;

/** One of {@link WAIT_SOURCES}. */
export type WaitSource = (typeof WAIT_SOURCES)[number];

/**
 * Where a worker counts what it does, in the worker process. The arbiter reads the figures without asking, also when
 * the worker is blocked or dead. Every call costs some nanoseconds, and none throws. Times are milliseconds of
 * `performance.now()`.
 */
export interface Meter {
  connectionOpened(): void;
  connectionClosed(): void;
  /** Bytes of a connection, with heads and framing; under TLS as they were before it. */
  transferred(received: number, sent: number): void;
  /** How long a request had waited when the worker took it. */
  waited(source: WaitSource, ms: number): void;
  /** A head is complete and good. One of {@link Meter.requestEnded} follows for each. */
  requestArrived(): void;
  /** It is with the application. Of several at a time, the last that begins is shown. */
  requestBegan(method: string, target: string, now: number): void;
  /** It is over, well or badly. `status` 499 is a client that left before the response began. */
  requestEnded(method: string, status: number, durationMs: number): void;
  /** A worker that serves one request at a time has its application back. */
  requestLeft(now: number): void;
  /** What arrived is not served, and no application has seen it. */
  requestRefused(reason: RefusalReason): void;
  /** The server has given up waiting. */
  requestTimedOut(): void;
}

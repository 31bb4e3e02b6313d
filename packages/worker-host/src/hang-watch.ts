import type { AccessRecord } from '@gunicorn-ts/interface';
import type { AccessLogOptions } from '@gunicorn-ts/logging';
import { answerHungClient } from './hung-client.ts';
import { hungRecord } from './hung-request.ts';
import { Silence } from './silence.ts';

/**
 * With the look before and the one after, a stuck worker is gone within 2 s of its arbiter. One that still
 * turns leaves earlier, by itself.
 */
const ORPHAN_LIMIT_MS = 1600;

/** What is looked at. */
export interface HangWatchOptions {
  /** Cells with times of `process.hrtime.bigint()`: each a sign of life. */
  readonly signs: readonly BigInt64Array[];
  /** Silence that is too long, in milliseconds; `Infinity` when none is. */
  readonly silenceLimitMs: number;
  readonly arbiterPid: number;
  /** See `WorkerContext.currentConnection`; absent when the worker class does not use it. */
  readonly currentConnection: Int32Array | undefined;
  /** See `WorkerContext.currentRequest`. */
  readonly currentRequest: Uint8Array | undefined;
  /** How to open the access log; absent when there is none. */
  readonly accessLog: AccessLogOptions | undefined;
  /** Of a response that is given in place of the main thread; empty sends none. */
  readonly serverHeader: string;
}

/** Writes a line of the access log now. */
export type WriteRecord = (record: AccessRecord, options: AccessLogOptions) => void;

/**
 * Watches the main thread of a worker: from another thread, or from itself while it waits for another process. Answers
 * the client of a request that it hangs in, and ends a process that nobody needs any more.
 */
export class HangWatch {
  readonly #options: HangWatchOptions;
  readonly #write: WriteRecord;
  readonly #silence: Silence;
  #orphanedAt: number | undefined;

  constructor(options: HangWatchOptions, write: WriteRecord) {
    this.#options = options;
    this.#write = write;
    this.#silence = new Silence(options.silenceLimitMs, monotonicMs());
  }

  /** How long the main thread has been silent, in milliseconds, when that is too long: once for each silence. */
  look(): number | undefined {
    const { arbiterPid, signs, currentConnection } = this.#options;
    const now = monotonicMs();
    if (process.ppid !== arbiterPid) {
      this.#orphanedAt ??= now;
      if (now - this.#orphanedAt >= ORPHAN_LIMIT_MS) process.kill(process.pid, 'SIGKILL');
    }
    const stuckMs = this.#silence.look(now, lastOf(signs));
    if (stuckMs !== undefined && currentConnection !== undefined) this.#answer(currentConnection);
    return stuckMs;
  }

  /** How long there was no sign of life, in milliseconds. */
  silentMs(): number {
    return Math.max(0, monotonicMs() - lastOf(this.#options.signs));
  }

  #answer(cell: Int32Array): void {
    const { currentRequest, accessLog, serverHeader } = this.#options;
    const given = answerHungClient(cell, serverHeader);
    if (given === undefined || currentRequest === undefined || accessLog === undefined) return;
    const record = hungRecord(currentRequest, given, Date.now());
    if (record === undefined) return;
    try {
      this.#write(record, accessLog);
    } catch {
      // A log that cannot be opened here was reported when the worker could not open it.
    }
  }
}

function lastOf(signs: HangWatchOptions['signs']): number {
  return Math.max(...signs.map((cell) => Number(Atomics.load(cell, 0) / 1_000_000n)));
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

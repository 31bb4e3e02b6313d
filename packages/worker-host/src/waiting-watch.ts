import type { ApplicationProcess, BootMessage, Worker } from '@gunicorn-ts/interface';
import { writeAccessRecord } from '@gunicorn-ts/logging';
import { HangWatch, type HangWatchOptions } from './hang-watch.ts';
import type { Heartbeat } from './heartbeat.ts';
import { writeAutopsy } from './last-words.ts';
import { readProcessStacks } from './process-stacks.ts';
import { selfReport } from './self-report.ts';

/** What is watched. */
export interface WaitingWatchOptions extends Omit<HangWatchOptions, 'signs'> {
  readonly message: BootMessage;
  readonly heartbeat: Heartbeat;
  readonly worker: Worker;
  /** What is waited for. */
  readonly process: ApplicationProcess;
}

/**
 * The main thread watches itself while it waits for the process behind the application: it comes up from that wait again
 * and again, and whoever hangs is then the other one.
 */
export class WaitingWatch {
  readonly #options: WaitingWatchOptions;
  readonly #watch: HangWatch;

  constructor(options: WaitingWatchOptions) {
    this.#options = options;
    // Its own looks are no signs of life.
    this.#watch = new HangWatch({ ...options, signs: [options.heartbeat.lastBeat] }, writeAccessRecord);
  }

  look(): void {
    const { heartbeat } = this.#options;
    heartbeat.looked();
    const stuckMs = this.#watch.look();
    if (stuckMs !== undefined) this.#report(stuckMs);
  }

  #report(stuckMs: number): void {
    const { message, worker, process: waitedFor } = this.#options;
    const processStacks = readProcessStacks(waitedFor);
    writeAutopsy(message.lastWordsFd, {
      stuckMs,
      stack: [],
      ...selfReport(worker),
      reason: `the worker waits for the process of the application (pid: ${waitedFor.pid})`,
      ...(processStacks === undefined ? {} : { processStacks }),
    });
  }
}

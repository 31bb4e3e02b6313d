import { readSync } from 'node:fs';
import type { ApplicationProcess, BootMessage, Worker } from '@gunicorn-ts/interface';
import { writeAccessRecord } from '@gunicorn-ts/logging';
import { awaitReadable } from '@gunicorn-ts/posix';
import { HangWatch, type HangWatchOptions } from './hang-watch.ts';
import { membersOf } from './application-processes.ts';
import type { Heartbeat } from './heartbeat.ts';
import { writeAutopsy } from './last-words.ts';
import { readProcessStacks } from './process-stacks.ts';
import { Questions } from './questions.ts';
import { selfReport } from './self-report.ts';

/** How often questions are looked for while nothing is waited for, in milliseconds. */
const LOOK_EVERY_MS = 150;

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
  readonly #questions: Questions = new Questions();

  constructor(options: WaitingWatchOptions) {
    this.#options = options;
    // Its own looks are no signs of life.
    this.#watch = new HangWatch({ ...options, signs: [options.heartbeat.lastBeat] }, writeAccessRecord);
    setInterval(() => this.#answer(), LOOK_EVERY_MS).unref();
  }

  look(): void {
    const { heartbeat } = this.#options;
    heartbeat.looked();
    const stuckMs = this.#watch.look();
    if (stuckMs !== undefined) this.#report(stuckMs);
    this.#answer();
  }

  /** Questions of the arbiter, which come by the other direction of the last words. */
  #answer(): void {
    const { lastWordsFd } = this.#options.message;
    if (!awaitReadable(lastWordsFd, 0)) return;
    const bytes = Buffer.alloc(1024);
    let length = 0;
    try {
      length = readSync(lastWordsFd, bytes);
    } catch {
      // The arbiter is gone: this process ends soon.
    }
    for (const question of this.#questions.in(bytes.subarray(0, length))) {
      // The clients of a process that hangs are answered, and logged, by whoever waits for it.
      if (question !== 'dying') this.#report(this.#watch.silentMs(), question.asked);
    }
  }

  #report(stuckMs: number, asked?: number): void {
    const { message, worker, process: waitedFor } = this.#options;
    const members = membersOf(waitedFor);
    const processStacks = readProcessStacks(members);
    const pids = members.map(({ pid }) => pid).join(', ');
    const isIdle = asked !== undefined && worker.inFlight().length === 0;
    writeAutopsy(message.lastWordsFd, {
      ...(asked === undefined ? {} : { asked }),
      stuckMs,
      stack: [],
      ...selfReport(worker),
      reason: isIdle
        ? 'the worker waits for requests'
        : `the worker waits for the ${members.length > 1 ? 'processes' : 'process'} of the application (pid: ${pids})`,
      ...(processStacks === undefined ? {} : { processStacks }),
    });
  }
}

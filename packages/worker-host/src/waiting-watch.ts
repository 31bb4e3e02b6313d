import { readSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import type { ApplicationProcess, BootMessage, Worker } from '@gunicorn-ts/interface';
import { writeAccessRecord } from '@gunicorn-ts/logging';
import { awaitReadable } from '@gunicorn-ts/posix';
import { HangWatch, type HangWatchOptions } from './hang-watch.ts';
import { membersOf } from './application-processes.ts';
import type { Heartbeat } from './heartbeat.ts';
import { writeAutopsy } from './last-words.ts';
import { readProcessStacks } from './process-stacks.ts';
import { type Question, Questions } from './questions.ts';
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
  /** Questions of the arbiter when a watchdog thread hears them. */
  readonly questions: RelayedQuestions | undefined;
}

/** Where they come from: another port with each thread that is started. */
export interface RelayedQuestions {
  port: MessagePort | undefined;
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
    setInterval(() => {
      options.heartbeat.looked();
      this.#answer();
    }, LOOK_EVERY_MS).unref();
  }

  look(): void {
    const { heartbeat } = this.#options;
    heartbeat.looked();
    const stuckMs = this.#watch.look();
    if (stuckMs !== undefined) this.#report(stuckMs);
    this.#answer();
  }

  #answer(): void {
    for (const question of this.#asked()) {
      // The clients of a process that hangs are answered, and logged, by whoever waits for it.
      if (question !== 'dying') this.#report(this.#watch.silentMs(), question.asked);
    }
  }

  /** Questions of the arbiter, which come by the other direction of the last words. */
  #asked(): readonly Question[] {
    const { message, questions } = this.#options;
    if (questions !== undefined) return questions.port === undefined ? [] : receivedFrom(questions.port);
    const { lastWordsFd } = message;
    if (!awaitReadable(lastWordsFd, 0)) return [];
    const bytes = Buffer.alloc(1024);
    let length = 0;
    try {
      length = readSync(lastWordsFd, bytes);
    } catch {
      // The arbiter is gone: this process ends soon.
    }
    return this.#questions.in(bytes.subarray(0, length));
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

/** Also in the midst of a wait, in which no event comes. */
function receivedFrom(port: MessagePort): readonly Question[] {
  // Loaded already by whoever made the port.
  const { receiveMessageOnPort } = process.getBuiltinModule('node:worker_threads');
  const all: Question[] = [];
  for (let one = receiveMessageOnPort(port); one !== undefined; one = receiveMessageOnPort(port))
    all.push((one as { readonly message: Question }).message);
  return all;
}

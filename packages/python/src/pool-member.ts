import type { Logger } from '@gunicorn-ts/interface';
import { LoopWatch } from './asgi/loop-watch.ts';
import type { Ready } from './control-lane.ts';
import type { Desk } from './desk.ts';
import { readyOf } from './first-word.ts';
import { type ForkedProcess, forkProcess } from './forked-process.ts';
import { type LossParts, watchLosses } from './lane-loss.ts';
import { section } from './report-section.ts';
import { readStacks } from './stacks-file.ts';
import { reportTimeouts } from './timeout-report.ts';

/** How long a process that hangs gets for the hook `worker_abort`, in milliseconds. */
const ABORT_GRACE_MS = 1000;

/** What an application gets for its own end beyond `gracefulTimeout`, in milliseconds. */
const LAST_MS = 1000;

/** What a member of a pool is made with. */
export interface MemberOptions {
  /** Address of the master. */
  readonly prepared: string;
  readonly age: number;
  /** Among all Python processes of the server, from 1. */
  readonly slot: number;
  /** Makes what it is given requests by. */
  desk(): Desk;
  /** The settings, in seconds. */
  readonly timeout: number;
  readonly requestTimeout: number;
  readonly gracefulTimeout: number;
  readonly log: Logger;
  onFiles(files: readonly string[]): void;
  onAccessAsked(asked: boolean): void;
  /** It serves no more, and was not told to. `reason` is a sentence without its end. */
  onLost(member: Member, reason: string): void;
}

/** One of several Python processes behind a worker. Lives in the worker process. */
export class Member {
  readonly startedAt: number = performance.now();
  readonly slot: number;
  readonly python: ForkedProcess;
  readonly ready: Ready;
  readonly #options: MemberOptions;
  readonly #desk: Desk;
  #watch: LoopWatch | undefined;
  #reporting: NodeJS.Timeout | undefined;
  /** Another one is on its way in its place. */
  isReplaced = false;
  #isLeaving = false;
  #leaving: Promise<void> | undefined;

  private constructor(options: MemberOptions, desk: Desk, python: ForkedProcess, ready: Ready) {
    this.slot = options.slot;
    this.#options = options;
    this.#desk = desk;
    this.python = python;
    this.ready = ready;
    this.#attend();
  }

  /**
   * Resolves when it serves.
   * @throws {OperatorError} when the application does not load
   */
  static async start(options: MemberOptions): Promise<Member> {
    const { prepared, age, slot, log, onFiles, onAccessAsked } = options;
    const desk = options.desk();
    let member: Member | undefined;
    const python = await forkProcess(
      prepared,
      { age, slot, isOneOfMany: true },
      { lanes: desk.lanes, log, onFiles, onAccessAsked, onPong: () => member?.answered() },
    );
    const ready = await readyOf(python, onFiles).catch((error: unknown) => {
      // What is open for it stays no longer than it: the worker serves on.
      void python.leave();
      throw error;
    });
    member = new Member(options, desk, python, ready);
    return member;
  }

  get pid(): number {
    return this.ready.pid;
  }

  /** Requests that it has begun. */
  get served(): number {
    return this.#desk.served;
  }

  /** For how long its loop has not turned, in milliseconds; 0 where it has none. */
  get silentMs(): number {
    return this.#watch?.silentMs ?? 0;
  }

  /** Its hub has turned. */
  answered(): void {
    this.#watch?.answered();
  }

  /** Lets it end after the requests that it has, while the others serve on. */
  retire(): Promise<void> {
    return this.#leaveAfter(async () => {
      await this.#desk.retire();
      // The worker that would cut it off at its own end serves on.
      const kill = setTimeout(
        () => this.python.kill(),
        this.#options.gracefulTimeout * 1000 + LAST_MS,
      ).unref();
      void this.python.ended.then(() => clearTimeout(kill));
    });
  }

  /** The worker is at its end. */
  leave(): Promise<void> {
    return this.#leaveAfter(() => this.#desk.leave());
  }

  /** Has it end at once, as its interpreter ends. */
  end(): Promise<unknown> {
    this.#isLeaving = true;
    return this.python.end();
  }

  /** What it is busy with for longer than this, in milliseconds; in words. */
  hungSince(limitMs: number): string | undefined {
    return this.#desk.requests?.longerThan(limitMs);
  }

  /** It hangs: says where, answers those who wait, and ends it. */
  async abort(because: string): Promise<void> {
    const { log } = this.#options;
    this.isReplaced = true;
    this.#desk.withdraw();
    this.#isLeaving = true;
    const stacks = await readStacks(this.pid, this.python.stacksFd);
    const where = stacks === undefined ? [] : section('the application process:', stacks.split('\n'));
    log.critical(
      `PYTHON PROCESS TIMEOUT (pid:${this.pid}), another one takes its place\n${[because, ...where].map((line) => `  ${line}`).join('\n')}`,
    );
    this.python.abort();
    setTimeout(() => this.python.kill(), ABORT_GRACE_MS).unref();
    this.#desk.giveUp();
    void this.leave();
  }

  /** Its lanes are the pool's from now on, until one is lost. */
  #attend(): void {
    const { log, onLost } = this.#options;
    const lost: LossParts = {
      python: this.python,
      pid: this.pid,
      log,
      giveUp: (reason) => onLost(this, reason),
      isLeaving: () => this.#isLeaving,
    };
    this.#desk.open(watchLosses(lost));
    void this.python.ended.then(() => {
      this.#desk.withdraw();
      this.#watch?.stop();
      clearInterval(this.#reporting);
    });
    this.#watchFor(lost);
  }

  #watchFor(parts: LossParts): void {
    const { timeout, requestTimeout } = this.#options;
    const { python } = this;
    const { requests, isLoop } = this.#desk;
    if (requests !== undefined)
      this.#reporting = reportTimeouts(requests, requestTimeout, { ...parts, python });
    if (!isLoop) return;
    this.#watch = new LoopWatch(this.#desk, timeout);
    this.#watch.begin({ ...parts, python });
  }

  #leaveAfter(rest: () => Promise<void>): Promise<void> {
    this.#isLeaving = true;
    this.#leaving ??= (async () => {
      this.#desk.withdraw();
      await rest();
      this.#watch?.stop();
      await this.python.leave();
    })();
    return this.#leaving;
  }
}

import type { Logger } from '@gunicorn-ts/interface';
import { LoopWatch } from './asgi/loop-watch.ts';
import { AsyncLanes } from './child-lanes.ts';
import type { Ready } from './control-lane.ts';
import { ChildGoneError, GivenUpError } from './errors.ts';
import { readyOf } from './first-word.ts';
import { type ForkedProcess, forkProcess } from './forked-process.ts';
import { type LossParts, watchLosses } from './lane-loss.ts';
import type { LanePool } from './lane-pool.ts';
import { LaneRequests } from './lane-requests.ts';
import type { ServiceMode } from './mode.ts';
import { section } from './report-section.ts';
import { readStacks } from './stacks-file.ts';
import { reportTimeouts } from './timeout-report.ts';

/** How long a process that hangs gets for the hook `worker_abort`, in milliseconds. */
const ABORT_GRACE_MS = 1000;

/** What a member of a pool is made with. */
export interface MemberOptions {
  /** Address of the master. */
  readonly prepared: string;
  readonly age: number;
  /** Among all Python processes of the server, from 1. */
  readonly slot: number;
  readonly mode: ServiceMode;
  /** The settings, in seconds. */
  readonly timeout: number;
  readonly requestTimeout: number;
  readonly log: Logger;
  readonly pool: LanePool;
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
  readonly #lanes: AsyncLanes;
  readonly #requests: LaneRequests;
  /** Under greenlets, where one that does not wait holds up all. */
  #watch: LoopWatch | undefined;
  #reporting: NodeJS.Timeout | undefined;
  /** Another one is on its way in its place. */
  isReplaced = false;
  #isLeaving = false;
  #leaving: Promise<void> | undefined;

  private constructor(options: MemberOptions, lanes: AsyncLanes, python: ForkedProcess, ready: Ready) {
    this.slot = options.slot;
    this.#options = options;
    this.#lanes = lanes;
    this.python = python;
    this.ready = ready;
    this.#requests = new LaneRequests(lanes.lanes);
    this.#attend();
  }

  /**
   * Resolves when it serves.
   * @throws {OperatorError} when the application does not load
   */
  static async start(options: MemberOptions): Promise<Member> {
    const { prepared, age, slot, mode, log, onFiles, onAccessAsked } = options;
    const lanes = new AsyncLanes(mode.lanes, log);
    let member: Member | undefined;
    const python = await forkProcess(
      prepared,
      { age, slot, isOneOfMany: true },
      { lanes, log, onFiles, onAccessAsked, onPong: () => member?.answered() },
    );
    member = new Member(options, lanes, python, await readyOf(python, onFiles));
    return member;
  }

  get pid(): number {
    return this.ready.pid;
  }

  /** Requests that it has begun. */
  get served(): number {
    return this.#lanes.lanes.reduce((sum, lane) => sum + lane.served, 0);
  }

  /** Its hub has turned. */
  answered(): void {
    this.#watch?.answered();
  }

  /** Lets it end after the requests that it has. */
  leave(): Promise<void> {
    this.#isLeaving = true;
    this.#watch?.stop();
    this.#leaving ??= this.#leaveWhenIdle();
    return this.#leaving;
  }

  /** Has it end at once, as its interpreter ends. */
  end(): Promise<unknown> {
    this.#isLeaving = true;
    return this.python.end();
  }

  /** What it is busy with for longer than this, in milliseconds; in words. */
  hungSince(limitMs: number): string | undefined {
    return this.#requests.longerThan(limitMs);
  }

  /** It hangs: says where, answers those who wait, and ends it. */
  async abort(because: string): Promise<void> {
    const { pool, log } = this.#options;
    this.isReplaced = true;
    pool.withdraw(this.#lanes.lanes);
    this.#isLeaving = true;
    const stacks = await readStacks(this.pid, this.python.stacksFd);
    const where = stacks === undefined ? [] : section('the application process:', stacks.split('\n'));
    log.critical(
      `PYTHON PROCESS TIMEOUT (pid:${this.pid}), another one takes its place\n${[because, ...where].map((line) => `  ${line}`).join('\n')}`,
    );
    this.python.abort();
    setTimeout(() => this.python.kill(), ABORT_GRACE_MS).unref();
    this.#failAll();
    void this.leave();
  }

  /** Its lanes are the pool's from now on, until one is lost. */
  #attend(): void {
    const { log, pool, onLost } = this.#options;
    const { lanes } = this.#lanes;
    const lost: LossParts = {
      python: this.python,
      pid: this.pid,
      log,
      giveUp: (reason) => onLost(this, reason),
      isLeaving: () => this.#isLeaving,
    };
    const onLoss = watchLosses(lost);
    pool.join(lanes);
    for (const lane of lanes)
      lane.onLoss((loss) => {
        pool.withdraw([lane]);
        return onLoss(loss);
      });
    void this.python.ended.then(() => {
      pool.withdraw(lanes);
      this.#watch?.stop();
      clearInterval(this.#reporting);
    });
    this.#watchFor(lost);
  }

  #watchFor(parts: LossParts): void {
    const { mode, timeout, requestTimeout } = this.#options;
    const { python } = this;
    this.#reporting = reportTimeouts(this.#requests, requestTimeout, { ...parts, python });
    if (mode.program !== 'gevent') return;
    const held = { describe: () => this.#requests.describe(), giveUp: () => this.#failAll() };
    this.#watch = new LoopWatch(held, timeout);
    this.#watch.begin({ ...parts, python });
  }

  #failAll(): void {
    for (const lane of this.#lanes.lanes) lane.fail(new GivenUpError());
  }

  async #leaveWhenIdle(): Promise<void> {
    const { lanes } = this.#lanes;
    this.#options.pool.withdraw(lanes);
    await Promise.all(lanes.map((lane) => lane.idle()));
    await this.python.leave();
  }
}

/** For whoever waits for a lane of a pool that has none any more. */
export function poolGone(): ChildGoneError {
  return new ChildGoneError(undefined);
}

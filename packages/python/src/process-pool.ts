import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageWithCode, OperatorError } from '@gunicorn-ts/interface';
import { Member, type MemberOptions } from './pool-member.ts';

/** How often is looked at the processes: their memory, and what they are busy with. In milliseconds. */
const LOOK_EVERY_MS = 1000;

/** A process that did not live so long is replaced with a delay, which grows with each of them. In milliseconds. */
const SHORT_LIFE_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/** When a process is replaced by a fresh one; `Infinity` is never. */
export interface MemberLimits {
  /** Requests. The second is what is added to it at random, at most. */
  readonly requests: number;
  readonly jitter: number;
  readonly rssBytes: number;
  /** How long a request may take that has the process for itself, in milliseconds. */
  readonly hangMs: number;
}

export interface PoolOptions extends Pick<
  MemberOptions,
  | 'prepared'
  | 'age'
  | 'desk'
  | 'timeout'
  | 'requestTimeout'
  | 'gracefulTimeout'
  | 'log'
  | 'onFiles'
  | 'onAccessAsked'
> {
  readonly count: number;
  /** Of the worker, from 1; 0 when the application is only tried. */
  readonly workerSlot: number;
  readonly limits: MemberLimits;
  /** There is no process left, and none can be made. */
  giveUp(reason: string): void;
}

interface Place {
  readonly slot: number;
  member: Member | undefined;
  /** Requests after which this one is replaced. */
  mostRequests: number;
  delayMs: number;
  /** Until then it is not tried again to replace it at its limit: a time of `performance.now()`. */
  notBefore: number;
}

/** Several Python processes behind one worker. Each is replaced by itself when it ends, hangs, or has served enough. */
export class ProcessPool {
  readonly #options: PoolOptions;
  readonly #places: readonly Place[];
  /** Those that finish what they do, and have been replaced. */
  readonly #retired: Set<Member> = new Set();
  #isLeaving = false;
  #looking: NodeJS.Timeout | undefined;

  private constructor(options: PoolOptions) {
    const { count, workerSlot } = options;
    this.#options = options;
    const first = Math.max(0, workerSlot - 1) * count + 1;
    this.#places = Array.from({ length: count }, (_, index) => ({
      slot: workerSlot === 0 ? 0 : first + index,
      member: undefined,
      mostRequests: Infinity,
      delayMs: 0,
      notBefore: 0,
    }));
  }

  /**
   * Resolves when all serve.
   * @throws {OperatorError} when the application does not load
   */
  static async start(options: PoolOptions): Promise<ProcessPool> {
    const pool = new ProcessPool(options);
    try {
      await Promise.all(pool.#places.map((place) => pool.#fill(place)));
    } catch (error) {
      void pool.end();
      throw error;
    }
    const { hangMs } = options.limits;
    pool.#looking = setInterval(() => pool.#look(), Math.min(LOOK_EVERY_MS, hangMs / 2)).unref();
    return pool;
  }

  get members(): readonly Member[] {
    return this.#places.flatMap(({ member }) => member ?? []);
  }

  /** These, and those that finish what they do. */
  get all(): readonly Member[] {
    return [...this.members, ...this.#retired];
  }

  /** Lets all end after what they do. */
  async leave(): Promise<void> {
    this.#close();
    await Promise.all(this.all.map((member) => member.leave()));
  }

  /** Has all end at once. */
  async end(): Promise<void> {
    this.#close();
    await Promise.all(this.all.map((member) => member.end()));
  }

  #close(): void {
    this.#isLeaving = true;
    clearInterval(this.#looking);
  }

  async #fill(place: Place): Promise<void> {
    const { limits } = this.#options;
    const member = await Member.start({
      ...this.#options,
      slot: place.slot,
      onLost: (lost, reason) => this.#lost(place, lost, reason),
    });
    if (this.#isLeaving) {
      void member.leave();
      return;
    }
    this.#options.log.info(`Python process with pid: ${member.pid} serves (worker pid: ${process.pid})`);
    place.member = member;
    place.mostRequests = limits.requests + Math.floor(Math.random() * (limits.jitter + 1));
  }

  #lost(place: Place, member: Member, reason: string): void {
    if (this.#isLeaving) return;
    const { log } = this.#options;
    log.error(`${reason}; another one takes its place (worker pid: ${process.pid})`);
    void member.leave();
    if (place.member !== member) return;
    place.member = undefined;
    if (!member.isReplaced) void this.#refill(place, performance.now() - member.startedAt);
  }

  async #refill(place: Place, livedMs: number): Promise<void> {
    place.delayMs = livedMs < SHORT_LIFE_MS ? nextDelay(place.delayMs) : 0;
    // The first that dies young may have been killed by somebody.
    if (place.delayMs > FIRST_DELAY_MS) await sleep(place.delayMs, undefined, { ref: false });
    while (!this.#isLeaving) {
      try {
        await this.#fill(place);
        return;
      } catch (error) {
        this.#options.log.error(`A Python process could not be replaced: ${describe(error)}`);
        if (this.members.length === 0) return this.#giveUp();
        place.delayMs = nextDelay(place.delayMs);
        await sleep(place.delayMs, undefined, { ref: false });
      }
    }
  }

  #giveUp(): void {
    if (this.#isLeaving) return;
    this.#close();
    this.#options.giveUp('No Python process is left, and none can be started');
  }

  #look(): void {
    for (const member of this.#retired) void this.#abortHung(member);
    for (const place of this.#places) {
      const { member } = place;
      if (member === undefined || member.isReplaced) continue;
      if (this.#abortHung(member)) {
        place.member = undefined;
        void this.#refill(place, Infinity);
      } else this.#retire(place, member);
    }
  }

  /** Whether it hangs. */
  #abortHung(member: Member): boolean {
    const hung = member.hungSince(this.#options.limits.hangMs);
    if (hung === undefined) return false;
    this.#retired.delete(member);
    void member.abort(`${hung} (timeout)`);
    return true;
  }

  /** The fresh one serves before the old one leaves. */
  #retire(place: Place, member: Member): void {
    if (performance.now() < place.notBefore) return;
    const because = this.#whyRetired(place, member);
    if (because === undefined) return;
    member.isReplaced = true;
    this.#options.log.info(
      `Autorestarting Python process after current request: ${because} (pid: ${member.pid})`,
    );
    this.#fill(place).then(
      () => {
        place.delayMs = 0;
        this.#letGo(member);
      },
      (error: unknown) => {
        this.#options.log.error(`A Python process could not be replaced: ${describe(error)}`);
        member.isReplaced = false;
        if (place.member === undefined) return void this.#refill(place, 0);
        // Each try loads the application, and until the next look would be no delay.
        place.delayMs = nextDelay(Math.max(place.delayMs, LOOK_EVERY_MS));
        place.notBefore = performance.now() + place.delayMs;
      },
    );
  }

  #letGo(member: Member): void {
    this.#retired.add(member);
    void member.retire().finally(() => this.#retired.delete(member));
  }

  #whyRetired({ mostRequests }: Place, member: Member): string | undefined {
    const { rssBytes } = this.#options.limits;
    if (member.served >= mostRequests) return `${member.served} requests`;
    if (rssBytes === Infinity) return undefined;
    const rss = residentBytes(member.pid);
    return rss > rssBytes ? `${Math.round(rss / 2 ** 20)} MB resident` : undefined;
  }
}

function nextDelay(delayMs: number): number {
  return delayMs === 0 ? FIRST_DELAY_MS : Math.min(delayMs * 2, LONGEST_DELAY_MS);
}

/** 0 where nobody tells. */
function residentBytes(pid: number): number {
  try {
    return (
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024
    );
  } catch {
    return 0;
  }
}

function describe(error: unknown): string {
  if (OperatorError.is(error)) return messageWithCode(error);
  return error instanceof Error ? error.message : String(error);
}

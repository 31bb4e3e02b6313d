import type { RecycleReason, Settings } from '@gunicorn-ts/interface';

/** When a worker asks to be replaced; `Infinity` is never. */
export interface RecycleLimits {
  readonly requests: number;
  readonly ageMs: number;
  readonly rssBytes: number;
}

/** Draws the jitter. `random` is in [0, 1), as of `Math.random`. */
export function recycleLimits(settings: Readonly<Settings>, random: number): RecycleLimits {
  const jitter = Math.floor(random * (settings.maxRequestsJitter + 1));
  return {
    requests: settings.maxRequests > 0 ? settings.maxRequests + jitter : Infinity,
    ageMs: settings.workerLifetime > 0 ? settings.workerLifetime * 1000 : Infinity,
    rssBytes: settings.maxWorkerMemory > 0 ? settings.maxWorkerMemory : Infinity,
  };
}

/** What asks for a replacement, with the figure for the log. */
export interface RecycleWish {
  readonly reason: RecycleReason;
  readonly detail: string;
}

/** Decides by age and memory; requests are counted by {@link RecycleWatch}. */
export function wishFor(limits: RecycleLimits, ageMs: number, rssBytes: number): RecycleWish | undefined {
  if (ageMs >= limits.ageMs) return { reason: 'lifetime', detail: `${Math.round(ageMs / 1000)} s old` };
  if (rssBytes > limits.rssBytes) {
    return { reason: 'memory', detail: `${Math.round(rssBytes / 2 ** 20)} MB resident` };
  }
  return undefined;
}

/** Counts requests and looks at age and memory; reports the first wish, once. */
export class RecycleWatch {
  readonly #limits: RecycleLimits;
  readonly #report: (wish: RecycleWish) => void;
  readonly #startedAt = performance.now();
  #requests = 0;
  #reported = false;

  constructor(limits: RecycleLimits, report: (wish: RecycleWish) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  /** On the path of every request: nothing but a count and a comparison. */
  requestFinished(): void {
    this.#requests += 1;
    if (this.#requests === this.#limits.requests) {
      this.#wish({ reason: 'max-requests', detail: `${this.#requests} requests` });
    }
  }

  /** Called once a second. Asks for memory only when it is limited. */
  look(): void {
    if (this.#reported) return;
    const { rssBytes, ageMs } = this.#limits;
    if (rssBytes === Infinity && ageMs === Infinity) return;
    const rss = rssBytes === Infinity ? 0 : process.memoryUsage.rss();
    const wish = wishFor(this.#limits, performance.now() - this.#startedAt, rss);
    if (wish !== undefined) this.#wish(wish);
  }

  #wish(wish: RecycleWish): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#report(wish);
  }
}

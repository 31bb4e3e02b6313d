import { readFileSync } from 'node:fs';
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

/** What the kernel says of a process; throws where there is no such file, as on macOS, or no such process. */
function readStatus(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'latin1');
}

/** Memory of another process; 0 when nobody tells. */
export function residentBytes(pid: number | undefined, read: (pid: number) => string): number {
  if (pid === undefined) return 0;
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(pid))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Counts requests and looks at age and memory; reports the first wish, once. */
export class RecycleWatch {
  #limits: RecycleLimits;
  readonly #report: (wish: RecycleWish) => void;
  readonly #startedAt = performance.now();
  #requests = 0;
  #reported = false;

  constructor(limits: RecycleLimits, report: (wish: RecycleWish) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  /** The application counts its requests and its memory by itself. */
  leaveToApplication(): void {
    this.#limits = { ...this.#limits, requests: Infinity, rssBytes: Infinity };
  }

  /** On the path of every request: nothing but a count and a comparison. */
  requestFinished(): void {
    this.#requests += 1;
    if (this.#requests === this.#limits.requests) {
      this.#wish({ reason: 'max-requests', detail: `${this.#requests} requests` });
    }
  }

  /**
   * Called once a second. Asks for memory only when it is limited.
   * @param application pid of the process behind the application, whose memory is the worker's, too
   */
  look(application?: number): void {
    if (this.#reported) return;
    const { rssBytes, ageMs } = this.#limits;
    if (rssBytes === Infinity && ageMs === Infinity) return;
    const rss =
      rssBytes === Infinity ? 0 : process.memoryUsage.rss() + residentBytes(application, readStatus);
    const wish = wishFor(this.#limits, performance.now() - this.#startedAt, rss);
    if (wish !== undefined) this.#wish(wish);
  }

  #wish(wish: RecycleWish): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#report(wish);
  }
}

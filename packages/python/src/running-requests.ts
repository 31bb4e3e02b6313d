import type { WsgiEnviron } from '@gunicorn-ts/interface';

const MAX_TARGET = 200;
const MOST_NAMED = 20;

/** A request that the Python process has, or that waits for it. */
export interface RunningRequest {
  readonly environ: WsgiEnviron;
  readonly startedAt: number;
  wasShown: boolean;
}

/** The requests of which the application has not answered the head yet. Lives in the worker process. */
export class RunningRequests {
  readonly #running: Set<RunningRequest> = new Set();

  begin(environ: WsgiEnviron): RunningRequest {
    const request = { environ, startedAt: performance.now(), wasShown: false };
    this.#running.add(request);
    return request;
  }

  end(request: RunningRequest): void {
    this.#running.delete(request);
  }

  /** The oldest first, in words. */
  describe(now: number = performance.now()): readonly string[] {
    const all = [...this.#running];
    const named = all.slice(0, MOST_NAMED).map(({ environ, startedAt }) => {
      const target = String(environ['RAW_URI']).slice(0, MAX_TARGET);
      return `${String(environ['REQUEST_METHOD'])} ${target} (${((now - startedAt) / 1000).toFixed(1)} s)`;
    });
    return all.length > MOST_NAMED ? [...named, `… ${all.length - MOST_NAMED} more`] : named;
  }

  /** Whether one runs for longer that was not said to yet. */
  isOverdue(limitMs: number, now: number = performance.now()): boolean {
    const found = [...this.#running].filter(
      ({ startedAt, wasShown }) => !wasShown && now - startedAt >= limitMs,
    );
    for (const request of found) request.wasShown = true;
    return found.length > 0;
  }
}

import type { WsgiEnviron } from '@gunicorn-ts/interface';
import type { CurrentRequest, Lane } from './lane.ts';

/** As in every summary of a request. */
const MAX_TARGET = 200;

/** The requests on the lanes of one process, which may be of a pool that several share. Lives in the worker process. */
export class LaneRequests {
  readonly #lanes: readonly Lane[];
  readonly #shown: WeakSet<CurrentRequest> = new WeakSet();

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  /** In words. */
  describe(now: number = performance.now()): readonly string[] {
    return this.#current.map((request) => inWords(request, now));
  }

  /** One that the process has for longer, in words. */
  longerThan(limitMs: number, now: number = performance.now()): string | undefined {
    const found = this.#current.find(({ since }) => now - since > limitMs);
    return found === undefined ? undefined : inWords(found, now);
  }

  /** Whether the process has one for longer that was not said to yet. */
  isOverdue(limitMs: number, now: number = performance.now()): boolean {
    const found = this.#current.filter(
      (request) => !this.#shown.has(request) && now - request.since >= limitMs,
    );
    for (const request of found) this.#shown.add(request);
    return found.length > 0;
  }

  get #current(): readonly CurrentRequest[] {
    return this.#lanes.flatMap(({ current }) => current ?? []);
  }
}

function inWords({ environ, since }: CurrentRequest, now: number): string {
  const age = ((now - since) / 1000).toFixed(1);
  return `${text(environ, 'REQUEST_METHOD')} ${text(environ, 'RAW_URI')} from ${text(environ, 'REMOTE_ADDR')} for ${age} s`;
}

function text(environ: WsgiEnviron, name: string): string {
  return String(environ[name] ?? '').slice(0, MAX_TARGET);
}

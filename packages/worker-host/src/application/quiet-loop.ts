/** How often is looked, and for how long nothing may be pending until it counts, in milliseconds. */
const LOOK_EVERY_MS = 20;
const QUIET_FOR_MS = 300;

/** stdout and stderr are pipes or terminals that stay open once something was printed. */
const STANDARD_STREAMS = new Set(['PipeWrap', 'TTYWrap']);

/**
 * Tells a script that will still do something (it waits for a database, say) from one that is
 * over. Compares what keeps the event loop busy with what did when this was created.
 */
export class QuietLoop {
  readonly #before = pendingResources();

  /** Resolves to the promise's value; to `undefined` when the loop fell quiet, or after `limitMs`. */
  async until<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
    const nothing = Promise.withResolvers<undefined>();
    let quietMs = 0;
    let passedMs = 0;
    const timer = setInterval(() => {
      passedMs += LOOK_EVERY_MS;
      quietMs = this.#isQuiet() ? quietMs + LOOK_EVERY_MS : 0;
      if (quietMs >= QUIET_FOR_MS || passedMs >= limitMs) nothing.resolve(undefined);
    }, LOOK_EVERY_MS);
    timer.unref();
    try {
      return await Promise.race([promise, nothing.promise]);
    } finally {
      clearInterval(timer);
    }
  }

  #isQuiet(): boolean {
    const now = pendingResources();
    return now.others <= this.#before.others && now.streams <= this.#before.streams + 2;
  }
}

function pendingResources(): { readonly others: number; readonly streams: number } {
  const resources = process.getActiveResourcesInfo();
  const streams = resources.filter((resource) => STANDARD_STREAMS.has(resource)).length;
  return { streams, others: resources.length - streams };
}

import type { ApplicationKind, RequestSummary } from '@gunicorn-ts/interface';
import { processOf } from './application-processes.ts';
import type { Parts } from './boot.ts';
import { within } from './deadline.ts';
import { userStack } from './failure.ts';

/** How long the application may take to close its pools, when draining took all of the time, in milliseconds. */
const MIN_CLOSE_MS = 500;

/** Of the time that a worker has, what is kept for the end of an application whose end is part of its interface. */
const KEPT_CLOSE_MS = 1000;
/** And no more of a short one than this part. */
const KEPT_PART = 0.2;

/** How long a worker class may take to cut off what is left, in milliseconds. */
const CUT_MS = 300;

/** How long the process behind the application may take to end at once: the arbiter waits 2 seconds in all. */
const END_MS = 1500;

/** How many of the requests that were cut off are named. */
const NAMED_REQUESTS = 10;

/**
 * Lets the worker finish, then the application close; neither can hold up the end beyond the deadline. Resolves to the
 * milliseconds that are left, at least {@link MIN_CLOSE_MS}.
 */
export async function finishRequests(parts: Parts, deadlineMs: number): Promise<number> {
  const { worker, application, log } = parts;
  const startedAt = performance.now();
  const drainMs = drainTime(application?.kind, deadlineMs);
  try {
    const draining = worker?.drain(drainMs);
    const drained = await within(drainMs, draining);
    const left = worker?.inFlight() ?? [];
    if (!drained && left.length > 0) {
      log?.warning(cutOff(left, drainMs));
      // The worker class cuts them now, and the access log hears of it.
      await within(CUT_MS, draining);
    }
  } catch (error) {
    log?.error(`The worker class could not drain: ${userStack(error)}`);
  }
  const rest = (): number => Math.max(MIN_CLOSE_MS, deadlineMs - (performance.now() - startedAt));
  try {
    const closed = await within(rest(), application?.close?.());
    if (!closed) log?.warning('The application did not close in time');
  } catch (error) {
    log?.error(`The application could not close: ${userStack(error)}`);
  }
  return rest();
}

/** How much of its time a worker gives to requests: `lifespan.shutdown` of ASGI is to run behind the last of them. */
export function drainTime(kind: ApplicationKind | undefined, deadlineMs: number): number {
  return kind === 'asgi' ? deadlineMs - Math.min(KEPT_CLOSE_MS, deadlineMs * KEPT_PART) : deadlineMs;
}

/** Tells those that nothing is waited for: the hook, and the process behind the application, which ends. */
export async function interrupt({ application, hooks }: Parts): Promise<void> {
  await hooks?.atEnd('workerInt');
  await within(END_MS, processOf(application)?.end?.());
}

function cutOff(requests: readonly RequestSummary[], deadlineMs: number): string {
  const count = `${requests.length} ${requests.length === 1 ? 'request was' : 'requests were'}`;
  const lines = requests
    .slice(0, NAMED_REQUESTS)
    .map(({ method, target, ageMs }) => `${method} ${target} (${(ageMs / 1000).toFixed(1)} s)`);
  const more = requests.length > NAMED_REQUESTS ? ', …' : '';
  return `${count} cut off after ${deadlineMs / 1000} s (pid: ${process.pid}): ${lines.join(', ')}${more}`;
}

import { allTimes, countOf, DURATION_BOUNDS, quantile, type Snapshot } from '@gunicorn-ts/metrics';
import type { Sample } from './history.ts';

/** How many of the last samples are shown to programs: they can ask again. */
const RECENT = 30;

/** What `/status.json` says. */
export function statusJson(snapshot: Snapshot, history: readonly Sample[]): unknown {
  const { at, name, version, node, workerClass, pid, startedAt, generation, target, stage, isReady } =
    snapshot;
  const { workers, shared, group, listeners, counts, arbiter, totals, lost, events } = snapshot;
  const times = allTimes(totals);
  return {
    time: new Date(at).toISOString(),
    name,
    version,
    node,
    workerClass,
    pid,
    upSeconds: Math.round((at - startedAt) / 1000),
    generation,
    ready: isReady,
    ...stage,
    target,
    requests: {
      total: countOf(times),
      active: Math.max(0, totals.counters.requestsArrived - totals.counters.requestsEnded),
      refused: totals.refusals,
      aborted: {
        client: totals.counters.abortedByClient,
        timeout: totals.counters.timedOut,
        workerDeath: lost,
      },
      seconds: {
        sum: times.sum,
        bounds: DURATION_BOUNDS,
        buckets: times.buckets,
        p50: quantile(times.buckets, 0.5),
        p95: quantile(times.buckets, 0.95),
        p99: quantile(times.buckets, 0.99),
      },
    },
    workers,
    listeners,
    arbiter,
    shared,
    group,
    counts,
    events,
    history: history.slice(-RECENT),
  };
}

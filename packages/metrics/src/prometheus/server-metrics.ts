import { EXIT_CAUSES } from '@gunicorn-ts/interface';
import { BOOT_BOUNDS, type ListenerSnapshot, type Snapshot, type WorkerCondition } from '../snapshot.ts';
import type { ProcessFigures } from '../process-figures.ts';
import type { Metric, Sample } from './metric.ts';

const CONDITIONS: readonly WorkerCondition[] = ['booting', 'idle', 'busy', 'hung', 'draining'];
const ABORTED_BY = ['client', 'timeout', 'worker_death'] as const;
const LEVELS = ['warning', 'error', 'critical'] as const;

/** What the arbiter knows of itself and its workers. */
export const SERVER_METRICS: readonly Metric[] = [
  {
    name: 'gunicorn_requests_aborted_total',
    type: 'counter',
    unit: '',
    help: 'Requests without a whole response: the client left before it began (client), it took too long (timeout), or the worker ended (worker_death).',
    labels: ['by'],
    ofServer: ({ totals: { counters }, lost }) => {
      const counts = { client: counters.abortedByClient, timeout: counters.timedOut, worker_death: lost };
      return ABORTED_BY.map((by) => ({ labels: { by }, value: counts[by] }));
    },
  },
  {
    name: 'gunicorn_workers',
    type: 'gauge',
    unit: '',
    help: 'Workers, by what they do.',
    labels: ['state'],
    ofServer: ({ workers }) =>
      CONDITIONS.map((state) => ({
        labels: { state },
        value: workers.filter(({ condition }) => condition === state).length,
      })),
  },
  gauge('gunicorn_workers_target', 'Workers that are wanted.', ({ target }) => target),
  {
    name: 'gunicorn_worker_starts_total',
    type: 'counter',
    unit: '',
    help: 'Worker processes that were started.',
    labels: [],
    ofServer: ({ counts }) => [{ value: counts.starts }],
  },
  {
    name: 'gunicorn_worker_exits_total',
    type: 'counter',
    unit: '',
    help: 'Worker processes that have ended, by why.',
    labels: ['cause'],
    ofServer: ({ counts }) => EXIT_CAUSES.map((cause) => ({ labels: { cause }, value: counts.exits[cause] })),
  },
  {
    name: 'gunicorn_worker_boot_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'From the start of a worker until it takes connections.',
    labels: [],
    ofServer: ({ counts }) => [{ bounds: BOOT_BOUNDS, ...counts.boots }],
  },
  {
    name: 'gunicorn_reloads_total',
    type: 'counter',
    unit: '',
    help: 'Reloads, by what came of them.',
    labels: ['result'],
    ofServer: ({ counts: { reloads } }) => [
      { labels: { result: 'done' }, value: reloads.done },
      { labels: { result: 'refused' }, value: reloads.refused },
    ],
  },
  gauge('gunicorn_generation', 'Loads of the settings that were taken up.', ({ generation }) => generation),
  seconds(
    'gunicorn_last_reload_timestamp_seconds',
    'When the settings were last taken up anew; 0 when they never were.',
    ({ counts }) => counts.lastReloadAt / 1000,
  ),
  seconds(
    'gunicorn_heartbeat_age_seconds',
    'For how long the most silent worker that serves has given no sign of life.',
    ({ workers }) =>
      Math.max(
        0,
        ...workers
          .filter(({ condition }) => condition !== 'booting')
          .map(({ silentSeconds }) => silentSeconds),
      ),
  ),
  listener(
    'gunicorn_listener_queue',
    'gauge',
    'Connections that wait for a worker to take them.',
    ({ waiting }) => waiting,
  ),
  listener('gunicorn_listener_queue_limit', 'gauge', 'Connections that may wait.', ({ limit }) => limit),
  listener(
    'gunicorn_listener_drops_total',
    'counter',
    'Connections that the kernel has dropped because the queue was full; of TCP, since it lets clients of a unix socket wait.',
    ({ drops }) => drops,
  ),
  {
    name: 'gunicorn_log_entries_total',
    type: 'counter',
    unit: '',
    help: 'Entries of the error log, by arbiter and workers.',
    labels: ['level'],
    ofServer: ({ totals: { counters }, counts: { logEntries } }) => {
      const ofWorkers = {
        warning: counters.logWarning,
        error: counters.logError,
        critical: counters.logCritical,
      };
      return LEVELS.map((level) => ({ labels: { level }, value: ofWorkers[level] + logEntries[level] }));
    },
  },
  {
    name: 'gunicorn_cpu_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Processor time by role: of the arbiter, the workers, and the processes of Python behind these with the one they are forked from; of processes that ended up to the last look at them.',
    labels: ['role'],
    ofServer: ({ arbiter, workersCpuSeconds, applicationsCpuSeconds }) =>
      byRole({
        arbiter: arbiter?.cpuSeconds,
        worker: workersCpuSeconds,
        python: applicationsCpuSeconds,
      }),
  },
  {
    name: 'gunicorn_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory by role, of the same processes; pages that processes share count for each of them.',
    labels: ['role'],
    ofServer: ({ arbiter, workers, shared }) =>
      byRole({
        arbiter: arbiter?.residentBytes,
        worker: residentOf(workers.flatMap(({ process }) => process ?? [])),
        python: residentOf([...shared, ...workers.flatMap(({ applications }) => applications)]),
      }),
  },
  {
    name: 'gunicorn_arbiter_open_files',
    type: 'gauge',
    unit: '',
    help: 'Descriptors that the arbiter has open.',
    labels: [],
    ofServer: ({ arbiter }) => (arbiter?.openFiles === undefined ? [] : [{ value: arbiter.openFiles }]),
  },
  {
    name: 'gunicorn_cgroup_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory of the control group that the server is in, and its limit; absent without a limit.',
    labels: ['kind'],
    ofServer: ({ group: { memory } }) =>
      memory === undefined
        ? []
        : [
            { labels: { kind: 'current' }, value: memory.current },
            { labels: { kind: 'limit' }, value: memory.limit },
          ],
  },
  {
    name: 'gunicorn_cgroup_cpu_throttled_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'For how long the quota of the control group has kept its processes from running; absent without a quota.',
    labels: [],
    ofServer: ({ group: { throttledSeconds } }) =>
      throttledSeconds === undefined ? [] : [{ value: throttledSeconds }],
  },
  seconds(
    'gunicorn_start_timestamp_seconds',
    'When the arbiter was started.',
    ({ startedAt }) => startedAt / 1000,
  ),
  {
    name: 'gunicorn_build_info',
    type: 'gauge',
    unit: '',
    help: 'What runs; the value is 1.',
    labels: ['version', 'node', 'worker_class'],
    ofServer: ({ version, node, workerClass }) => [
      { labels: { version, node, worker_class: workerClass }, value: 1 },
    ],
  },
];

/** Nothing where the system tells nothing; without Python there is no row of it. */
function byRole(of: {
  readonly arbiter: number | undefined;
  readonly worker: number;
  readonly python: number;
}): readonly Sample[] {
  if (of.arbiter === undefined) return [];
  return [
    { labels: { role: 'arbiter' }, value: of.arbiter },
    { labels: { role: 'worker' }, value: of.worker },
    ...(of.python > 0 ? [{ labels: { role: 'python' }, value: of.python }] : []),
  ];
}

function residentOf(processes: readonly ProcessFigures[]): number {
  return processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
}

function gauge(name: string, help: string, valueOf: (snapshot: Snapshot) => number): Metric {
  return {
    name,
    type: 'gauge',
    unit: '',
    help,
    labels: [],
    ofServer: (snapshot) => [{ value: valueOf(snapshot) }],
  };
}

function seconds(name: string, help: string, valueOf: (snapshot: Snapshot) => number): Metric {
  return { ...gauge(name, help, valueOf), unit: 'seconds' };
}

type Queue = NonNullable<ListenerSnapshot['queue']>;

/** With `reusePort` several sockets have one address. */
function listener(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  valueOf: (queue: Queue) => number | undefined,
): Metric {
  const ofServer = ({ listeners }: Snapshot): readonly Sample[] => {
    const sums = new Map<string, number>();
    for (const { url, queue } of listeners) {
      const value = queue && valueOf(queue);
      if (value !== undefined) sums.set(url, (sums.get(url) ?? 0) + value);
    }
    return [...sums].map(([url, value]) => ({ labels: { listener: url }, value }));
  };
  return { name, type, unit: '', help, labels: ['listener'], ofServer };
}

import test from 'ava';
import type { ProcessFigures } from '../../src/process-figures.ts';
import { METRICS, renderMetrics } from '../../src/prometheus/text.ts';
import { snapshotOf } from '../../src/snapshot.ts';
import { readingOf } from './reading.ts';

const PLAIN = { format: 'prometheus', byWorker: false } as const;

test('buckets add up, and the last one is the count', (t) => {
  const snapshot = snapshotOf(
    readingOf((meter) => {
      for (const ms of [1, 1, 30, 20_000]) meter.requestEnded('GET', 200, ms);
    }),
  );
  const text = renderMetrics(snapshot, PLAIN);
  const labels = 'http_request_method="GET",http_response_status_code="200",url_scheme="http"';
  const value = (le: string): string | undefined =>
    new RegExp(`_bucket\\{${labels},le="${le.replace('+', '\\+')}"\\} (\\d+)`).exec(text)?.[1];
  t.deepEqual(
    [value('0.005'), value('0.025'), value('0.05'), value('10'), value('+Inf')],
    ['2', '2', '3', '3', '4'],
  );
  t.true(text.includes(`http_server_request_duration_seconds_sum{${labels}} 20.032\n`));
  t.true(text.includes(`http_server_request_duration_seconds_count{${labels}} 4\n`));
});

test('OpenMetrics names the family of a counter without _total, says units, and ends', (t) => {
  const text = renderMetrics(snapshotOf(readingOf()), { format: 'openmetrics', byWorker: false });
  t.true(text.includes('# TYPE gunicorn_worker_starts counter\ngunicorn_worker_starts_total 1\n'));
  t.true(
    text.includes('# UNIT http_server_request_duration_seconds seconds\n') ||
      !text.includes('http_server_request_duration_seconds_count'),
  );
  t.true(text.includes('# UNIT gunicorn_worker_busy_seconds seconds\n'));
  t.true(text.includes('le="1.0"'));
  t.true(text.endsWith('\n# EOF\n'));
});

test('by worker, what workers count has the label of the slot and no total beside it', (t) => {
  const snapshot = snapshotOf(readingOf((meter) => meter.connectionOpened()));
  const text = renderMetrics(snapshot, { format: 'prometheus', byWorker: true });
  t.true(text.includes('\ngunicorn_connections_accepted_total{worker="1"} 1\n'));
  t.false(text.includes('\ngunicorn_connections_accepted_total 1\n'));
  t.true(text.includes('\ngunicorn_worker_starts_total 1\n'));
});

test('a value of a label cannot leave its quotes', (t) => {
  const reading = { ...readingOf(), workerClass: 'a"b\\c\nd' };
  t.true(renderMetrics(snapshotOf(reading), PLAIN).includes('worker_class="a\\"b\\\\c\\nd"'));
});

test('what the system does not say is left out', (t) => {
  const reading = {
    ...readingOf(),
    arbiter: undefined,
    listeners: [{ url: 'unix:/run/a.sock', queue: undefined }],
  };
  const text = renderMetrics(snapshotOf(reading), PLAIN);
  for (const name of ['gunicorn_cpu_seconds_total', 'gunicorn_listener_queue', 'gunicorn_arbiter_open_files'])
    t.false(text.includes(name));
});

test('what Python takes stands beside what its workers take, and only where there is Python', (t) => {
  t.false(renderMetrics(snapshotOf(readingOf()), PLAIN).includes('role="python"'));
  const python = (pid: number): ProcessFigures => ({
    pid,
    cpuSeconds: 1,
    residentBytes: 2e7,
    openFiles: undefined,
  });
  const [worker] = readingOf().workers;
  const reading = {
    ...readingOf(),
    workers: [{ ...worker!, applications: [python(12), python(13)] }],
    shared: [python(14)],
    applicationsCpuSeconds: 3.5,
  };
  const text = renderMetrics(snapshotOf(reading), PLAIN);
  t.true(text.includes('\ngunicorn_cpu_seconds_total{role="python"} 3.5\n'));
  t.true(text.includes('\ngunicorn_resident_memory_bytes{role="python"} 60000000\n'));
  t.true(text.includes('\ngunicorn_resident_memory_bytes{role="worker"} 50000000\n'));
});

test('limits of a control group are shown where there are some', (t) => {
  t.false(renderMetrics(snapshotOf(readingOf()), PLAIN).includes('cgroup'));
  const group = { memory: { current: 3e8, limit: 5e8 }, throttledSeconds: 1.5 };
  const text = renderMetrics(snapshotOf({ ...readingOf(), group }), PLAIN);
  t.true(text.includes('\ngunicorn_cgroup_memory_bytes{kind="current"} 300000000\n'));
  t.true(text.includes('\ngunicorn_cgroup_memory_bytes{kind="limit"} 500000000\n'));
  t.true(text.includes('\ngunicorn_cgroup_cpu_throttled_seconds_total 1.5\n'));
});

test('names are of one kind: a prefix, the unit, and _total for counters alone', (t) => {
  for (const { name, type, unit, help } of METRICS) {
    t.regex(name, /^(gunicorn|http_server)_[a-z_]+$/);
    t.is(name.endsWith('_total'), type === 'counter', name);
    if (unit !== '') t.true(name.replace(/_total$/, '').endsWith(`_${unit}`), name);
    t.regex(help, /^[A-Z].*\.$/);
  }
  t.is(new Set(METRICS.map(({ name }) => name)).size, METRICS.length);
});

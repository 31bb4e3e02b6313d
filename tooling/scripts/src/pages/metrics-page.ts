import { DURATION_BOUNDS, METRICS, type Metric } from '../../../../packages/metrics/src/index.ts';
import { page, table } from './page.ts';

const INTRODUCTION = `
Every worker counts in a file that it shares with the arbiter, by plain stores into memory: a number costs a request some
nanoseconds. The arbiter reads these files when somebody asks, and asks nobody: it sees the figures of a worker that is
blocked, and those of one that was killed. What ended workers have counted stays in the totals, so no counter goes back.
Workers are told apart by their number (\`GUNICORN_WORKER\`), which a replacement takes over, and never by process id.

The numbers are shown at \`/metrics\` of the [admin listener](admin.md), and sent by statsd. \`metrics: false\`
(\`--no-metrics\`) ends the counting. A worker class of a third party counts by \`WorkerContext.meter\`.
`;

const NOTES = `
With \`/metrics?workers=1\` the rows marked ● come with the label \`worker\`, the number of the worker, and without a total.

Durations have the bounds that OpenTelemetry advises: ${DURATION_BOUNDS.join(', ')} seconds. Methods are those of the
standards, any other is \`_OTHER\`; a worker tells 60 combinations of method and status apart, and further ones by the class
of the status (\`4xx\`). There is no label for paths, which a server does not know the meaning of.

A request that a killed worker had counts as \`aborted\` by \`worker_death\`. Whether its answer had left by then nobody can
know: it is between the last store and the last byte. Connections that the application took over (WebSocket) are connections
here and no requests.

\`gunicorn_worker_busy_seconds_total\` is the number to scale by:
\`sum(rate(gunicorn_worker_busy_seconds_total[1m])) / sum(gunicorn_workers{state=~"idle|busy|hung"})\` is the part of the
time that workers are at work. For an application that waits for others, with many requests at a time, the mean number of
requests under way says more: \`sum(rate(http_server_request_duration_seconds_sum[1m]))\`.

Busy is time on the clock in which a worker cannot take up something else, and no processor time: an application that
waits in a blocking call is busy, and so is a worker that has work and no processor to do it on, because other processes
have them or the quota of its control group is used up. Processor time alone would hide just the load that more workers,
or more pods, are needed for. So on a machine that has more to do than it can, workers are busier than the application's own
clock tells, by up to the time that they waited for a processor (the second number of \`/proc/PID/schedstat\`). The processor
time is \`gunicorn_cpu_seconds_total\`.
`;

const STATSD = `
\`statsdHost: '127.0.0.1:8125'\` (or \`unix:///run/statsd.sock\`) sends what Gunicorn sends, to the byte: for each request
\`gunicorn.request.duration\` (ms), \`gunicorn.requests\` and \`gunicorn.request.status.200\` (counters), for entries of the
error log \`gunicorn.log.warning\`, \`.error\` and \`.critical\`, and from the arbiter \`gunicorn.workers\` (a gauge) and, with
\`enableBacklogMetric\`, \`gunicorn.backlog\` (a histogram, once a second). The gauge is repeated every 10 seconds.
\`statsdPrefix\` and \`dogstatsdTags\` stand before and behind each.

Three datagrams a request are work. \`statsdMode: 'summary'\` has the arbiter send sums once a second instead: the counters
add up to the same, and the duration is the mean of that second with the sample rate that stands for their number.

Nothing waits for the receiver: while its name is not resolved, nobody listens or the queue is full, datagrams are lost. A
line in the error log says so once, and a connection is tried again every 10 seconds.
`;

export function renderMetricsPage(): string {
  return page(
    'Metrics',
    INTRODUCTION.trim(),
    table(['name', 'type', 'unit', 'labels', 'says'], METRICS.map(row)),
    NOTES.trim(),
    '## statsd',
    STATSD.trim(),
  );
}

function row({ name, type, unit, labels, help, ofFigures }: Metric): readonly string[] {
  const named = labels.map((label) => `\`${label}\``).join(', ');
  return [
    `\`${name}\`${ofFigures === undefined ? '' : ' ●'}`,
    type,
    unit === '' ? '–' : unit,
    named || '–',
    help,
  ];
}

/** The metric that the adapter makes of the busy time: the part of their time that the workers of a pod are at work. */
export const BUSY_RATIO = 'gunicorn_busy_ratio';
/** The metric that the adapter makes of the histogram of queue times: what 95 of 100 requests wait less than. */
export const QUEUE_SECONDS = 'gunicorn_queue_p95_seconds';

/** Above the first more copies are wanted, and above the second in any case. */
export const TARGETS = { busyRatio: 0.6, queueSeconds: 0.05 } as const;

/** Workers that serve, in the words of the label `state`. */
const SERVING = 'state=~"idle|busy|hung"';

/**
 * How busy workers are, 0 to 1, in the language of Prometheus. Of whole copies and not of processors: a worker that waits
 * for a database is taken, and uses none.
 * @param labels matchers without braces
 * @param by labels to keep apart, or none
 */
export function busyQuery(labels: string, by = ''): string {
  const group = by === '' ? '' : ` by (${by})`;
  const serving = [labels, SERVING].filter((one) => one !== '').join(',');
  return `sum(rate(gunicorn_worker_busy_seconds_total{${labels}}[1m]))${group} / sum(gunicorn_workers{${serving}})${group}`;
}

/** What 95 of 100 requests have waited less than before a worker took them, in seconds. */
export function queueQuery(labels: string, by = ''): string {
  const group = ['le', by].filter((one) => one !== '').join(', ');
  return `histogram_quantile(0.95, sum(rate(gunicorn_queue_seconds_bucket{${labels}}[2m])) by (${group}))`;
}

import type { LifecycleMoment, LogLevel, Settings, WorkerCounts } from '@gunicorn-ts/interface';
import { allTimes, countOf, type Figures, NO_FIGURES } from '../figures.ts';
import { readRowKey } from '../layout.ts';
import type { Recorder } from '../recorder.ts';
import type { ListenerSnapshot } from '../snapshot.ts';
import { counter, gauge, histogram, meanTimer } from './datagram.ts';
import { WorkerStatsd } from './worker-statsd.ts';
import type { StatsdSender } from './statsd-sender.ts';

/** Who began to listen later hears it, too. */
const REPEAT_MS = 10_000;

export interface ArbiterStatsdOptions {
  readonly sender: StatsdSender;
  readonly recorder: Pick<Recorder, 'snapshot' | 'listeners'>;
  readonly settings: Pick<Settings, 'enableBacklogMetric' | 'statsdMode'>;
}

/** Sends what the arbiter knows, once a second: the number of workers, the backlog, and sums where those are wanted. */
export class ArbiterStatsd {
  readonly #options: ArbiterStatsdOptions;
  readonly #log: WorkerStatsd;
  #workers = -1;
  #saidAt = 0;
  #before: Figures = NO_FIGURES;

  constructor(options: ArbiterStatsdOptions) {
    this.#options = options;
    this.#log = new WorkerStatsd(options.sender);
  }

  tell(moment: LifecycleMoment): void {
    if (moment.moment !== 'tick') return;
    const { sender, recorder, settings } = this.#options;
    this.#sayWorkers(moment.counts);
    if (settings.enableBacklogMetric) {
      const waiting = backlogOf(recorder.listeners());
      if (waiting >= 0) sender.send(histogram('gunicorn.backlog', waiting));
    }
    if (settings.statsdMode === 'summary') this.#sayRequests(recorder.snapshot('counts').totals);
  }

  logged(level: LogLevel): void {
    this.#log.logged(level);
  }

  close(): void {
    this.#options.sender.close();
  }

  #sayWorkers({ booting, ready }: WorkerCounts): void {
    const workers = booting + ready;
    const now = performance.now();
    if (workers === this.#workers && now - this.#saidAt < REPEAT_MS) return;
    this.#workers = workers;
    this.#saidAt = now;
    this.#options.sender.send(gauge('gunicorn.workers', workers));
  }

  #sayRequests(totals: Figures): void {
    for (const text of summaryBetween(this.#before, totals)) this.#options.sender.send(text);
    this.#before = totals;
  }
}

/** As Gunicorn adds: a listener whose queue is not known takes one away. */
function backlogOf(listeners: readonly ListenerSnapshot[]): number {
  return listeners.reduce((sum, { queue }) => sum + (queue?.waiting ?? -1), 0);
}

/** What happened between two looks, in few datagrams. Pure. */
export function summaryBetween(before: Figures, now: Figures): readonly string[] {
  const earlier = allTimes(before);
  const later = allTimes(now);
  const count = countOf(later) - countOf(earlier);
  if (count <= 0) return [];
  const statuses = new Map<number, number>();
  for (const [key, times] of now.rows) {
    const more = countOf(times) - countOf(before.rows.get(key) ?? { sum: 0, buckets: [] });
    const status = readRowKey(key)?.status;
    if (more > 0 && status !== undefined) statuses.set(status, (statuses.get(status) ?? 0) + more);
  }
  return [
    meanTimer('gunicorn.request.duration', (Math.max(0, later.sum - earlier.sum) / count) * 1000, count),
    counter('gunicorn.requests', count, ''),
    ...[...statuses].map(([status, more]) => counter(`gunicorn.request.status.${status}`, more, '')),
  ];
}

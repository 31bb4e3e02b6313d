export { allTimes, countOf, type Figures, type Histogram, sumOfTimes } from './figures.ts';
export { isDescendant } from './process-figures.ts';
export { DURATION_BOUNDS, statusOfRow } from './layout.ts';
export { type Metric } from './prometheus/metric.ts';
export {
  CONTENT_TYPE,
  METRICS,
  renderMetrics,
  type TextFormat,
  type TextOptions,
} from './prometheus/text.ts';
export { quantile } from './quantile.ts';
export { Recorder } from './recorder.ts';
export {
  type ListenerSnapshot,
  type ServerEvent,
  type Snapshot,
  snapshotOf,
  STANDS_STILL_S,
  type WorkerCondition,
  type WorkerSnapshot,
} from './snapshot.ts';
export { ArbiterStatsd } from './statsd/arbiter-statsd.ts';
export { StatsdSender } from './statsd/statsd-sender.ts';
export { WorkerStatsd } from './statsd/worker-statsd.ts';
export { WorkerMemory } from './worker-memory.ts';
export { WorkerMeter } from './worker-meter.ts';

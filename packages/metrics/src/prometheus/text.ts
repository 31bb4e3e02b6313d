import type { Snapshot } from '../snapshot.ts';
import type { Labels, Metric, Sample } from './metric.ts';
import { REQUEST_METRICS } from './request-metrics.ts';
import { SERVER_METRICS } from './server-metrics.ts';

/** Every metric, in the order in which they are shown. */
export const METRICS: readonly Metric[] = [...REQUEST_METRICS, ...SERVER_METRICS];

/** `prometheus`: the text format 0.0.4. `openmetrics`: OpenMetrics 1.0. */
export type TextFormat = 'prometheus' | 'openmetrics';

export const CONTENT_TYPE: Readonly<Record<TextFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export interface TextOptions {
  readonly format: TextFormat;
  /** Whether what workers count is said for each of them, by its slot. */
  readonly byWorker: boolean;
}

/** The page that Prometheus reads. Pure. */
export function renderMetrics(snapshot: Snapshot, options: TextOptions): string {
  const lines = METRICS.flatMap((metric) => renderMetric(metric, snapshot, options));
  if (options.format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function renderMetric(metric: Metric, snapshot: Snapshot, { format, byWorker }: TextOptions): string[] {
  const samples = samplesOf(metric, snapshot, byWorker);
  if (samples.length === 0) return [];
  const { name, type, unit, help } = metric;
  const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  const head = [`# HELP ${family} ${help}`, `# TYPE ${family} ${type}`];
  if (format === 'openmetrics' && unit !== '' && family.endsWith(`_${unit}`))
    head.push(`# UNIT ${family} ${unit}`);
  return [...head, ...samples.flatMap((sample) => renderSample(name, sample, format))];
}

function samplesOf(
  { ofServer, ofFigures }: Metric,
  snapshot: Snapshot,
  byWorker: boolean,
): readonly Sample[] {
  const ofAll = ofServer?.(snapshot) ?? [];
  if (ofFigures === undefined) return ofAll;
  if (!byWorker) return [...ofAll, ...ofFigures(snapshot.totals, snapshot)];
  const ofEach = [...snapshot.bySlot].flatMap(([slot, figures]) =>
    ofFigures(figures, snapshot).map((sample) => ({
      ...sample,
      labels: { ...sample.labels, worker: String(slot) },
    })),
  );
  return [...ofAll, ...ofEach];
}

function renderSample(name: string, sample: Sample, format: TextFormat): string[] {
  const labels = labelText(sample.labels);
  const own = labels === '' ? '' : `{${labels}}`;
  if ('value' in sample) return [`${name}${own} ${renderNumber(sample.value)}`];
  const { bounds, buckets, sum } = sample;
  const ends = bucketEnds(bounds, format);
  // Once for all buckets: of a page that nine of ten lines are buckets of, this is most of the work.
  const head = `${name}_bucket{${labels === '' ? '' : `${labels},`}`;
  let below = 0;
  const lines: string[] = [];
  for (let index = 0; index < buckets.length; index++) {
    below += buckets[index]!;
    lines.push(`${head}${ends[index] ?? INFINITE}${below}`);
  }
  lines.push(`${name}_sum${own} ${renderNumber(sum)}`, `${name}_count${own} ${below}`);
  return lines;
}

const INFINITE = 'le="+Inf"} ';
const ENDS: Readonly<Record<TextFormat, WeakMap<readonly number[], readonly string[]>>> = {
  prometheus: new WeakMap(),
  openmetrics: new WeakMap(),
};

/** What the lines of buckets have between their labels and their number; made once for each list of bounds. */
function bucketEnds(bounds: readonly number[], format: TextFormat): readonly string[] {
  const known = ENDS[format].get(bounds);
  if (known !== undefined) return known;
  const made = bounds.map((bound) => `le="${boundText(bound, format)}"} `);
  ENDS[format].set(bounds, made);
  return made;
}

function labelText(labels: Labels | undefined): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escaped(labels[name]!)}"`;
  return text;
}

const TO_ESCAPE = /[\\"\n]/;

function escaped(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** OpenMetrics wants bounds that look like floats. */
function boundText(bound: number, format: TextFormat): string {
  return format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

/** Six digits behind the point are a microsecond; more would be noise of the addition. */
function renderNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Math.round(value * 1e6) / 1e6);
}

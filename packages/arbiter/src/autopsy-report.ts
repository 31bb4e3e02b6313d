import { type Autopsy, autopsyLines } from '@gunicorn-ts/interface';
import type { WorkerState } from './worker-state.ts';

/** The autopsy as the lines of one log entry. */
export function describeHang(
  worker: Pick<WorkerState, 'lastBeat'>,
  autopsy: Autopsy | undefined,
  now: number,
): string {
  const silent = `  silent for ${seconds(now - worker.lastBeat)} s`;
  if (autopsy === undefined) return `${silent}; no autopsy was received`;
  const memory = [size('heap', autopsy.heapUsedBytes), size('rss', autopsy.rssBytes)].filter(
    (part) => part !== '',
  );
  return [[silent, ...memory].join(', '), ...autopsyLines(autopsy, 'stuck in:')].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function size(name: string, bytes: number | undefined): string {
  return bytes === undefined ? '' : `${name} ${Math.round(bytes / 1_048_576)} MB`;
}

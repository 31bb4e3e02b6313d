import type { Autopsy } from '@gunicorn-ts/interface';
import type { WorkerState } from './worker-state.ts';

const FRAMES_SHOWN = 12;
const REQUESTS_SHOWN = 20;
const PROCESS_LINES_SHOWN = 80;

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
  return [
    [silent, ...memory].join(', '),
    ...stackLines(autopsy),
    ...processLines(autopsy),
    ...requestLines(autopsy),
  ].join('\n');
}

function stackLines(autopsy: Autopsy): string[] {
  if (autopsy.stack.length === 0) return [`  no stack: ${autopsy.reason ?? 'unknown'}`];
  const frames = autopsy.stack
    .slice(0, FRAMES_SHOWN)
    .map(
      ({ functionName, file, line, column }) =>
        `    at ${functionName || '<anonymous>'} (${file}:${line}:${column})`,
    );
  const more = autopsy.stack.length - frames.length;
  return ['  stuck in:', ...frames, ...(more > 0 ? [`    … ${more} more`] : [])];
}

function processLines({ processStacks }: Autopsy): string[] {
  if (processStacks === undefined) return [];
  const lines = processStacks.split('\n');
  const shown = lines.slice(0, PROCESS_LINES_SHOWN).map((line) => `    ${line}`);
  const more = lines.length - shown.length;
  return ['  the application process:', ...shown, ...(more > 0 ? [`    … ${more} more lines`] : [])];
}

function requestLines({ inFlight: requests, stack }: Autopsy): string[] {
  // Only a main thread that could be stopped can say that it has none.
  if (stack.length === 0 && requests.length === 0) return ['  requests in flight: unknown'];
  if (requests.length === 0) return ['  no request in flight'];
  const shown = requests
    .slice(0, REQUESTS_SHOWN)
    .map(
      ({ method, target, ageMs, peer }) =>
        `    ${method} ${target} for ${seconds(ageMs)} s${peer === '' ? '' : ` from ${peer}`}`,
    );
  const more = requests.length - shown.length;
  return [`  in flight: ${requests.length}`, ...shown, ...(more > 0 ? [`    … ${more} more`] : [])];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function size(name: string, bytes: number | undefined): string {
  return bytes === undefined ? '' : `${name} ${Math.round(bytes / 1_048_576)} MB`;
}

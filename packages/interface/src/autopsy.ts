import type { RequestSummary } from './request.ts';

const FRAMES_SHOWN = 12;
const REQUESTS_SHOWN = 20;
const PROCESS_LINES_SHOWN = 80;

/** One frame of JavaScript, innermost first. */
export interface AutopsyFrame {
  readonly functionName: string;
  /** Path of the file, or the URL when it is not a file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * What is known of a worker that hung, taken by its watchdog thread and written to the "last words"
 * pipe as one line of JSON.
 */
export interface Autopsy {
  readonly version: 1;
  /** Set when the arbiter asked for it: the number of its question. Nothing is wrong then. */
  readonly asked?: number;
  /** How long the main thread had not turned when this was taken, in milliseconds. */
  readonly stuckMs: number;
  /** Empty when the main thread could not be stopped; `reason` then says why. */
  readonly stack: readonly AutopsyFrame[];
  /** Why there is no stack: `the main thread is in native code`. */
  readonly reason?: string;
  /** Stacks of the process behind the application, as it wrote them. */
  readonly processStacks?: string;
  readonly inFlight: readonly RequestSummary[];
  readonly heapUsedBytes?: number;
  readonly rssBytes?: number;
}

/**
 * Where the threads stand and what is in flight, as lines for people.
 * @param title stands above the frames of JavaScript
 */
export function autopsyLines(autopsy: Autopsy, title: string): readonly string[] {
  return [...stackLines(autopsy, title), ...processLines(autopsy), ...requestLines(autopsy)];
}

function stackLines(autopsy: Autopsy, title: string): string[] {
  if (autopsy.stack.length === 0) return [`  no stack: ${autopsy.reason ?? 'unknown'}`];
  const frames = autopsy.stack
    .slice(0, FRAMES_SHOWN)
    .map(
      ({ functionName, file, line, column }) =>
        `    at ${functionName || '<anonymous>'} (${file}:${line}:${column})`,
    );
  const more = autopsy.stack.length - frames.length;
  return [`  ${title}`, ...frames, ...(more > 0 ? [`    … ${more} more`] : [])];
}

function processLines({ processStacks }: Autopsy): string[] {
  if (processStacks === undefined) return [];
  const lines = processStacks.split('\n');
  const shown = lines.slice(0, PROCESS_LINES_SHOWN).map((line) => `    ${line}`);
  const more = lines.length - shown.length;
  return ['  the application process:', ...shown, ...(more > 0 ? [`    … ${more} more lines`] : [])];
}

function requestLines({ inFlight: requests, heapUsedBytes }: Autopsy): string[] {
  // Only a main thread that could be asked can say that it has none, and says this with it.
  if (requests.length === 0)
    return [heapUsedBytes === undefined ? '  requests in flight: unknown' : '  no request in flight'];
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

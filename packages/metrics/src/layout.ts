import { REFUSAL_REASONS, type RefusalReason, WAIT_SOURCES, type WaitSource } from '@gunicorn-ts/interface';

/** In the first cell of a memory that is in use: another number is another layout, or nonsense. */
export const LAYOUT_VERSION = 1;

/** Upper bounds of the buckets of a request's duration, in seconds, as OpenTelemetry advises; above the last is one more. */
export const DURATION_BOUNDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Buckets of a histogram, the one above the last bound included. */
export const BUCKETS: number = DURATION_BOUNDS.length + 1;

/** What a worker counts besides requests: the names of cells of 8 bytes. All of them only grow. */
export const COUNTERS = [
  'requestsArrived',
  'requestsEnded',
  'connectionsOpened',
  'connectionsClosed',
  'bytesReceived',
  'bytesSent',
  /** Milliseconds; see `gunicorn_worker_busy_seconds_total`. */
  'busyMs',
  'abortedByClient',
  'timedOut',
  'logWarning',
  'logError',
  'logCritical',
] as const;

/** One of {@link COUNTERS}. */
export type CounterName = (typeof COUNTERS)[number];

const FIXED_CELLS = 8;

/** The worker's own clock: what `performance.now()` was 0 at, in milliseconds of the monotonic clock of the machine. */
export const CLOCK_CELL = 1;
/** Since when the worker is busy, in milliseconds of its own clock; 0 when it is not, or cannot say. */
export const BUSY_SINCE_CELL = 2;
/** When the request that is shown began, in milliseconds of the worker's own clock; 0 when none is shown. */
export const REQUEST_SINCE_CELL = 3;
export const VERSION_CELL = 0;

/** Where each counter stands. */
export const COUNTER_CELL: Readonly<Record<CounterName, number>> = Object.fromEntries(
  COUNTERS.map((name, index) => [name, FIXED_CELLS + index]),
) as Record<CounterName, number>;

const REFUSALS_AT = FIXED_CELLS + COUNTERS.length;

export const REFUSAL_CELL: Readonly<Record<RefusalReason, number>> = Object.fromEntries(
  REFUSAL_REASONS.map((reason, index) => [reason, REFUSALS_AT + index]),
) as Record<RefusalReason, number>;

/** A histogram: the sum in milliseconds, then the buckets, each for itself. */
export const HISTOGRAM_CELLS: number = 1 + BUCKETS;

const WAITS_AT = REFUSALS_AT + REFUSAL_REASONS.length;

/** Where the histogram of each source of waiting times stands. */
export const WAIT_CELL: Readonly<Record<WaitSource, number>> = Object.fromEntries(
  WAIT_SOURCES.map((source, index) => [source, WAITS_AT + index * HISTOGRAM_CELLS]),
) as Record<WaitSource, number>;

/** A row: the key of method and status, then a histogram of durations. */
export const ROW_CELLS: number = 1 + HISTOGRAM_CELLS;
export const ROWS_AT: number = WAITS_AT + WAIT_SOURCES.length * HISTOGRAM_CELLS;
/** Combinations of method and status that have a row of their own. */
export const OWN_ROWS = 60;
/** The rest shares one row for each class of statuses, from 1xx to 5xx, behind those. */
export const SHARED_ROWS = 5;
export const ROWS: number = OWN_ROWS + SHARED_ROWS;

/** Bytes from here on: the request that is shown. A count that is odd while the text changes, its length, the text. */
export const TEXT_AT: number = (ROWS_AT + ROWS * ROW_CELLS) * 8;
export const TEXT_HEAD = 8;
export const LONGEST_TEXT = 160;

/** What a method is called in metrics, by number. A client may send any word; those that are none of these are the first. */
export const METHODS = [
  '_OTHER',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
] as const;

const METHOD_NUMBERS: ReadonlyMap<string, number> = new Map(METHODS.map((method, index) => [method, index]));
/** A row that shares: its status is that of the class. */
const SHARED = METHODS.length;
const STATUSES = 1000;

/** The key of a row, above 0. Statuses that are none count as 500. */
export function rowKey(method: string, status: number): number {
  return (METHOD_NUMBERS.get(method) ?? 0) * STATUSES + (status >= 100 && status < 600 ? status : 500);
}

/** The key of the row that the statuses of a class share. */
export function sharedRowKey(status: number): number {
  return SHARED * STATUSES + Math.floor(status / 100) * 100;
}

/** The status that a key says; of a class of statuses the first. 0 when it is none. */
export function statusOfRow(key: number): number {
  return readRowKey(key)?.status ?? 0;
}

/** What a key says, or `undefined` when it is none. */
export function readRowKey(
  key: number,
): { readonly method: string; readonly status: number; readonly isShared: boolean } | undefined {
  const status = key % STATUSES;
  const method = Math.floor(key / STATUSES);
  if (!Number.isInteger(key) || key <= 0 || status < 100 || status > 599 || method > SHARED) return undefined;
  return { method: METHODS[method] ?? '_OTHER', status, isShared: method === SHARED };
}

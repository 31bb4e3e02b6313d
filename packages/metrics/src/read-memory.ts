import { REFUSAL_REASONS, WAIT_SOURCES, WORKER_MEMORY_BYTES } from '@gunicorn-ts/interface';
import { type Figures, type Histogram, NO_FIGURES, record } from './figures.ts';
import {
  BUCKETS,
  BUSY_SINCE_CELL,
  CLOCK_CELL,
  COUNTER_CELL,
  COUNTERS,
  LAYOUT_VERSION,
  LONGEST_TEXT,
  readRowKey,
  REFUSAL_CELL,
  REQUEST_SINCE_CELL,
  ROW_CELLS,
  ROWS,
  ROWS_AT,
  TEXT_AT,
  TEXT_HEAD,
  VERSION_CELL,
  WAIT_CELL,
} from './layout.ts';

/** What was read of a worker's memory. */
export interface WorkerReading {
  readonly figures: Figures;
  /** For how long it has been busy without an end, in milliseconds. */
  readonly busyForMs: number;
  /** The request that is with its application, and since how many milliseconds. */
  readonly request: { readonly text: string; readonly ageMs: number } | undefined;
}

const NOTHING: WorkerReading = { figures: NO_FIGURES, busyForMs: 0, request: undefined };

/** A worker that counts as busy for longer has another clock than we think. */
const LONGEST_MS = 1000 * 3600 * 24 * 365;

/**
 * Reads a worker's memory. The worker, that is the application, can have written anything there: what is no count is 0,
 * and text is one line of printable ASCII. Never throws.
 * @param nowMs the monotonic clock of the machine, in milliseconds
 */
export function readMemory(bytes: Uint8Array, nowMs: number): WorkerReading {
  if (bytes.byteLength < WORKER_MEMORY_BYTES) return NOTHING;
  const cells = cellsOf(bytes);
  if (cells[VERSION_CELL] !== LAYOUT_VERSION) return NOTHING;
  const count = (cell: number): number => countIn(cells[cell]);
  const agoMs = (cell: number): number => {
    const since = cells[cell] ?? 0;
    const ms = nowMs - (since + (cells[CLOCK_CELL] ?? 0));
    return since > 0 && ms > 0 && ms < LONGEST_MS ? ms : 0;
  };
  const text = textOf(bytes);
  const busyForMs = agoMs(BUSY_SINCE_CELL);
  // In one number, which only grows, however the two change while they are read.
  const counted = record(COUNTERS, (name) => count(COUNTER_CELL[name]));
  const isShown = count(REQUEST_SINCE_CELL) > 0 && text !== undefined;
  return {
    figures: {
      counters: { ...counted, busyMs: counted.busyMs + busyForMs },
      refusals: record(REFUSAL_REASONS, (name) => count(REFUSAL_CELL[name])),
      waits: record(WAIT_SOURCES, (name) => timesAt(cells, WAIT_CELL[name])),
      rows: rowsOf(cells),
    },
    busyForMs,
    request: isShown ? { text, ageMs: agoMs(REQUEST_SINCE_CELL) } : undefined,
  };
}

function cellsOf(bytes: Uint8Array): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  return new Float64Array(aligned.buffer, aligned.byteOffset, WORKER_MEMORY_BYTES / 8);
}

function countIn(value: number | undefined): number {
  return value !== undefined && value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

function timesAt(cells: Float64Array, at: number): Histogram {
  const buckets: number[] = [];
  for (let index = 1; index <= BUCKETS; index++) buckets.push(Math.floor(countIn(cells[at + index])));
  return { sum: countIn(cells[at]) / 1000, buckets };
}

function rowsOf(cells: Float64Array): ReadonlyMap<number, Histogram> {
  const rows = new Map<number, Histogram>();
  for (let at = ROWS_AT; at < ROWS_AT + ROWS * ROW_CELLS; at += ROW_CELLS) {
    const key = cells[at] ?? 0;
    if (key === 0 || rows.has(key) || readRowKey(key) === undefined) continue;
    rows.set(key, timesAt(cells, at + 1));
  }
  return rows;
}

function textOf(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + TEXT_AT, TEXT_HEAD);
  const isChanging = view.getUint32(0, true) % 2 === 1;
  const length = view.getUint32(4, true);
  if (isChanging || length === 0 || length > LONGEST_TEXT) return undefined;
  const from = bytes.byteOffset + TEXT_AT + TEXT_HEAD;
  return Buffer.from(bytes.buffer, from, length)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '?');
}

import type { LogLevel, Meter, RefusalReason, WaitSource } from '@gunicorn-ts/interface';
import {
  BUCKETS,
  BUSY_SINCE_CELL,
  CLOCK_CELL,
  COUNTER_CELL,
  DURATION_BOUNDS,
  LAYOUT_VERSION,
  LONGEST_TEXT,
  OWN_ROWS,
  REFUSAL_CELL,
  REQUEST_SINCE_CELL,
  ROW_CELLS,
  rowKey,
  ROWS_AT,
  sharedRowKey,
  TEXT_AT,
  TEXT_HEAD,
  VERSION_CELL,
  WAIT_CELL,
} from './layout.ts';

const BOUNDS_MS: readonly number[] = DURATION_BOUNDS.map((seconds) => seconds * 1000);
/** As nginx writes it: the client left before a response began. */
const CLIENT_CLOSED_REQUEST = 499;
const QUESTION_MARK = 63;
const SPACE = 32;
const LAST_ASCII = 126;

const {
  requestsArrived,
  requestsEnded,
  connectionsOpened,
  connectionsClosed,
  bytesReceived,
  bytesSent,
  busyMs,
  abortedByClient,
  timedOut,
} = COUNTER_CELL;

const LOG_CELLS: Readonly<Partial<Record<LogLevel, number>>> = {
  warning: COUNTER_CELL.logWarning,
  error: COUNTER_CELL.logError,
  critical: COUNTER_CELL.logCritical,
};

/** Who hears of each request and log entry, beside the memory. */
export interface MeterWitness {
  requestEnded(status: number, durationMs: number): void;
  logged(level: LogLevel): void;
}

/**
 * Counts into memory that the arbiter can read: plain stores of whole numbers of 8 bytes, which no reader sees torn. Lives
 * in the worker process.
 */
export class WorkerMeter implements Meter {
  witness: MeterWitness | undefined;
  readonly #cells: Float64Array;
  readonly #text: Uint8Array;
  readonly #textHead: Uint32Array;
  /** The first cell of the row for a key. */
  readonly #rows: Map<number, number> = new Map();
  /** What was counted last, and where: mostly the next one is like it. */
  #lastMethod = '';
  #lastStatus = 0;
  #lastRow = 0;
  #followsLoop = false;

  /** @param memory of `WORKER_MEMORY_BYTES` */
  constructor(memory: ArrayBuffer) {
    this.#cells = new Float64Array(memory);
    this.#text = new Uint8Array(memory, TEXT_AT + TEXT_HEAD, LONGEST_TEXT);
    this.#textHead = new Uint32Array(memory, TEXT_AT, 2);
    this.#cells[CLOCK_CELL] = Number(process.hrtime.bigint()) / 1e6 - performance.now();
    this.#cells[VERSION_CELL] = LAYOUT_VERSION;
  }

  connectionOpened(): void {
    this.#cells[connectionsOpened]!++;
  }

  connectionClosed(): void {
    this.#cells[connectionsClosed]!++;
  }

  transferred(received: number, sent: number): void {
    this.#cells[bytesReceived]! += received;
    this.#cells[bytesSent]! += sent;
  }

  waited(source: WaitSource, ms: number): void {
    this.#record(WAIT_CELL[source], ms);
  }

  requestArrived(): void {
    this.#cells[requestsArrived]!++;
  }

  requestBegan(method: string, target: string, now: number): void {
    const cells = this.#cells;
    if (!this.#followsLoop) cells[BUSY_SINCE_CELL] = now;
    cells[REQUEST_SINCE_CELL] = now;
    this.#show(method, target);
  }

  requestEnded(method: string, status: number, durationMs: number): void {
    if (status !== this.#lastStatus || method !== this.#lastMethod) {
      this.#lastRow = this.#rowOf(rowKey(method, status), status);
      this.#lastMethod = method;
      this.#lastStatus = status;
    }
    this.#record(this.#lastRow + 1, durationMs);
    const cells = this.#cells;
    if (status === CLIENT_CLOSED_REQUEST) cells[abortedByClient]!++;
    cells[requestsEnded]!++;
    this.witness?.requestEnded(status, durationMs);
  }

  requestLeft(now: number): void {
    const cells = this.#cells;
    const since = cells[BUSY_SINCE_CELL]!;
    cells[REQUEST_SINCE_CELL] = 0;
    if (since === 0) return;
    // In this order: a reader in between counts the time once, or not yet.
    cells[BUSY_SINCE_CELL] = 0;
    cells[busyMs]! += Math.max(0, now - since);
  }

  requestRefused(reason: RefusalReason): void {
    this.#cells[REFUSAL_CELL[reason]]!++;
  }

  requestTimedOut(): void {
    this.#cells[timedOut]!++;
  }

  /** An entry of the error log. */
  logged(level: LogLevel): void {
    const cell = LOG_CELLS[level];
    if (cell !== undefined) this.#cells[cell]!++;
    this.witness?.logged(level);
  }

  /**
   * Of a worker that serves many at a time: it is busy while its event loop is, whatever the requests wait for.
   * @param activeMs for how long it has been, in all
   */
  followLoop(activeMs: number): void {
    this.#followsLoop = true;
    this.#cells[busyMs] = activeMs;
  }

  #rowOf(key: number, status: number): number {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const own = this.#rows.size < OWN_ROWS;
    const place = own ? this.#rows.size : OWN_ROWS + Math.floor(status / 100) - 1;
    const row = ROWS_AT + place * ROW_CELLS;
    this.#cells[row] = own ? key : sharedRowKey(status);
    if (own) this.#rows.set(key, row);
    return row;
  }

  #record(at: number, ms: number): void {
    const cells = this.#cells;
    let bucket = 0;
    while (bucket < BUCKETS - 1 && ms > BOUNDS_MS[bucket]!) bucket++;
    cells[at]! += ms;
    cells[at + 1 + bucket]!++;
  }

  /** Without the query, which may hold what is nobody's business. */
  #show(method: string, target: string): void {
    const text = this.#text;
    const head = this.#textHead;
    head[0]!++;
    let at = 0;
    for (let index = 0; index < method.length && at < LONGEST_TEXT; index++) {
      text[at++] = method.charCodeAt(index);
    }
    if (at < LONGEST_TEXT) text[at++] = SPACE;
    for (let index = 0; index < target.length && at < LONGEST_TEXT; index++) {
      const code = target.charCodeAt(index);
      if (code === QUESTION_MARK) break;
      text[at++] = code > LAST_ASCII ? QUESTION_MARK : code;
    }
    head[1] = at;
    head[0]!++;
  }
}

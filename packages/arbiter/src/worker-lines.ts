import type { Duplex } from 'node:stream';

/** A line end must come before so many bytes. Several times what an application may want to send for its own ends. */
const MOST_HELD_BYTES = 16 * 2 ** 20;
/** Longer lines are none of ours, and JSON takes many times their size in memory. */
const LONGEST_LINE_BYTES = 2 ** 20;
/** How many lines of one worker are read in a second; its own side waits for the rest. */
const LINES_A_SECOND = 10_000;
/** An honest worker writes a few lines in its life, and need not wait. */
const UNCOUNTED_LINES = 100;
const LINE_END = 0x0a;

/** Who is told of what a worker wrote. */
export interface LineHandlers {
  onLine(line: string): void;
  /** So much came without a line end; the pipe is closed. */
  onEndless(mebibytes: number): void;
}

/**
 * Lines that a worker writes to a pipe, in the arbiter. The application can write there whatever it likes, and may take
 * neither the arbiter's memory nor its time.
 */
export class WorkerLines {
  readonly #pipe: Duplex;
  readonly #onLine: (line: string) => void;
  readonly #onEndless: (mebibytes: number) => void;
  #held: Buffer = Buffer.alloc(0);
  #length = 0;
  #rest: NodeJS.Timeout | undefined;

  /** Reads from now on, until the pipe is closed. */
  static read(pipe: Duplex, handlers: LineHandlers): WorkerLines {
    return new WorkerLines(pipe, handlers);
  }

  private constructor(pipe: Duplex, handlers: LineHandlers) {
    this.#pipe = pipe;
    this.#onLine = handlers.onLine;
    this.#onEndless = handlers.onEndless;
    // It ends with the worker, whose exit tells the story.
    pipe.on('error', () => {});
    pipe.on('data', (chunk: Buffer) => this.#take(chunk));
    pipe.on('close', () => {
      clearTimeout(this.#rest);
      this.#held = Buffer.alloc(0);
      this.#length = 0;
    });
  }

  /** The worker is gone: what it left is finite, and is read now. */
  readRest(): void {
    clearTimeout(this.#rest);
    this.#pipe.resume();
  }

  #take(chunk: Buffer): void {
    let lines = 0;
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, start)) {
      this.#endLine(chunk.subarray(start, end));
      start = end + 1;
      lines += 1;
    }
    this.#hold(chunk.subarray(start));
    if (this.#length > MOST_HELD_BYTES) {
      this.#pipe.destroy();
      this.#onEndless(MOST_HELD_BYTES / 2 ** 20);
    } else if (lines > UNCOUNTED_LINES) this.#pause((lines * 1000) / LINES_A_SECOND);
  }

  #endLine(part: Buffer): void {
    if (this.#length + part.length <= LONGEST_LINE_BYTES) {
      this.#hold(part);
      const line = this.#held.toString('utf8', 0, this.#length);
      if (line.startsWith('{')) this.#onLine(line);
    }
    this.#length = 0;
    if (this.#held.length > LONGEST_LINE_BYTES) this.#held = Buffer.alloc(0);
  }

  /** Gathered in one piece: a buffer of its own for each of a million small writes would take far more. */
  #hold(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#held.length) {
      const grown = Buffer.alloc(Math.max(1024, 2 * length));
      this.#held.copy(grown, 0, 0, this.#length);
      this.#held = grown;
    }
    part.copy(this.#held, this.#length);
    this.#length = length;
  }

  #pause(ms: number): void {
    this.#pipe.pause();
    this.#rest = setTimeout(() => this.#pipe.resume(), ms);
  }
}

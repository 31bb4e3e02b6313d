import { write, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { blockFor } from './blocking-wait.ts';
import { errorCode } from './errors.ts';

/** Lines that wait in memory, in bytes; what comes beyond is dropped. */
export const BUFFER_LIMIT: number = 4 * 1024 * 1024;

/** POSIX: a pipe takes up to this many bytes (PIPE_BUF on Linux) as a whole or not at all, so that lines of several workers do not mix. */
const ATOMIC_BYTES = 4096;

/** A string that grew by many small pieces takes several times its length in memory: past this it becomes bytes. */
const SEAL_LENGTH = 64 * 1024;

/** Lines that come within this many milliseconds of a write are gathered: a write costs as much as a request. */
const GATHER_MS = 5;

/** When to try a pipe again that was full, and a file that could not be written (full disk). */
const FULL_PIPE_MS = 10;
const BROKEN_FILE_MS = 1000;

const LINE_END = 10;
const NOTHING = Buffer.alloc(0);

/** What the buffer needs to know of the file it writes to. */
export interface BufferedFile {
  readonly fd: number;
  /** Writes wait for the disk, and so are left to another thread; else they fail with EAGAIN. */
  readonly regular: boolean;
}

/**
 * Lines on their way to a file: written in order, in batches, without blocking the loop, one write at a time.
 * A file that cannot be written is tried again; meanwhile the lines wait here, up to a limit.
 */
export class LineBuffer {
  readonly #file: BufferedFile;
  readonly #report: (problem: string) => void;
  readonly #limit: number;
  /** The newest lines. */
  #pending = '';
  /** Lines before those, oldest first. */
  #sealed: Buffer[] = [];
  #sealedBytes = 0;
  /** The oldest lines, being written: bytes before the offset are out. */
  #chunk: Buffer = NOTHING;
  #offset = 0;
  #writing = false;
  #turn: NodeJS.Immediate | undefined;
  #gathering: NodeJS.Timeout | undefined;
  /** Time of `performance.now()` when the last write began. */
  #writtenAt = -Infinity;
  #retry: NodeJS.Timeout | undefined;
  #lost = 0;
  /** What was reported as going wrong, until it goes well again. */
  #trouble: string | undefined;
  #onWritten: (() => void)[] = [];
  #onIdle: (() => void)[] = [];

  /** `report` is called when lines begin to wait or to be dropped, and again when that is over. */
  constructor(file: BufferedFile, report: (problem: string) => void, limit: number = BUFFER_LIMIT) {
    this.#file = file;
    this.#report = report;
    this.#limit = limit;
  }

  /** Takes one line, with its new line. */
  append(line: string): void {
    if (this.#size + line.length > this.#limit) {
      this.#lost++;
      this.#inTrouble('lines come faster than they can be written; the newest are dropped');
      return;
    }
    this.#pending += line;
    if (this.#pending.length >= SEAL_LENGTH) this.#seal();
    if (!this.#isBusy) this.#pumpSoon();
  }

  /** Calls back when no write is in flight, at once or later: only then may its descriptor be closed. */
  whenWritten(callback: () => void): void {
    if (this.#writing) this.#onWritten.push(callback);
    else callback();
  }

  /** Resolves when all lines are written, or after this many milliseconds. Returns whether they all are. */
  async flush(patienceMs: number): Promise<boolean> {
    if (!this.#writing) this.#pump();
    if (!this.#isBusy) return true;
    const giveUp = new AbortController();
    const idle = new Promise<void>((resolve) => this.#onIdle.push(resolve));
    await Promise.race([idle, sleep(patienceMs, undefined, { signal: giveUp.signal }).catch(() => {})]);
    giveUp.abort();
    return !this.#isBusy;
  }

  /** Writes what it can while the process exits, when no callback will ever run again. */
  flushSync(patienceMs: number): void {
    this.#cancelTimers();
    if (this.#writing) {
      // The write in flight is in the hands of a thread that finishes it; these lines must come behind it.
      blockFor(Math.min(patienceMs, 20));
      this.#offset = this.#chunk.length;
    }
    const deadline = performance.now() + patienceMs;
    while (this.#takeChunk()) {
      try {
        this.#offset += writeSync(this.#file.fd, this.#chunk, this.#offset, this.#pieceLength());
      } catch (error) {
        if (errorCode(error) !== 'EAGAIN' || performance.now() >= deadline) return;
        blockFor(1);
      }
    }
  }

  /**
   * Writes what waits while the loop stands still, which may go on later: what a thread is just writing stays with it.
   * @param patienceMs for a pipe that takes no more
   */
  flushStanding(patienceMs: number): void {
    if (!this.#writing) {
      this.flushSync(patienceMs);
      return;
    }
    this.#seal();
    const lines = Buffer.concat(this.#sealed.splice(0));
    this.#sealedBytes = 0;
    try {
      writeSync(this.#file.fd, lines);
    } catch {
      this.#lost += countLines(lines);
    }
  }

  /** Gives up the lines that are still here, and says so. */
  discard(): void {
    this.#cancelTimers();
    while (this.#takeChunk()) {
      this.#lost += countLines(this.#chunk.subarray(this.#offset));
      this.#offset = this.#chunk.length;
    }
    if (this.#lost > 0)
      this.#report(`${this.#lost} lines were lost: ${this.#trouble ?? 'the reader stopped'}`);
    this.#lost = 0;
  }

  get #size(): number {
    return this.#pending.length + this.#sealedBytes + this.#chunk.length - this.#offset;
  }

  get #isBusy(): boolean {
    return (
      this.#writing || this.#turn !== undefined || this.#gathering !== undefined || this.#retry !== undefined
    );
  }

  #cancelTimers(): void {
    clearImmediate(this.#turn);
    clearTimeout(this.#gathering);
    clearTimeout(this.#retry);
    this.#turn = undefined;
    this.#gathering = undefined;
    this.#retry = undefined;
  }

  /** The first line goes out with those of its turn of the loop, the next ones when there are some more. */
  #pumpSoon(): void {
    const rest = this.#writtenAt + GATHER_MS - performance.now();
    if (rest > 0) this.#gathering = setTimeout(this.#pump, rest);
    else this.#turn = setImmediate(this.#pump);
  }

  #pump = (): void => {
    this.#cancelTimers();
    while (this.#takeChunk()) {
      this.#writtenAt = performance.now();
      const length = this.#pieceLength();
      if (this.#file.regular) {
        this.#writing = true;
        write(this.#file.fd, this.#chunk, this.#offset, length, null, this.#written);
        return;
      }
      try {
        this.#offset += writeSync(this.#file.fd, this.#chunk, this.#offset, length);
        this.#outOfTrouble();
      } catch (error) {
        this.#failed(errorCode(error));
        if (this.#retry) return;
      }
    }
    for (const resolve of this.#onIdle.splice(0)) resolve();
  };

  #written = (error: Error | null, bytes: number): void => {
    this.#writing = false;
    for (const callback of this.#onWritten.splice(0)) callback();
    if (error) {
      this.#failed(errorCode(error));
      if (this.#retry) return;
    } else {
      this.#offset += bytes;
      this.#outOfTrouble();
    }
    // Somebody waits for the end, or this was a part of what waits: nothing is gained by waiting.
    if (this.#onIdle.length > 0 || this.#offset < this.#chunk.length || this.#sealed.length > 0) this.#pump();
    else if (this.#pending !== '') this.#pumpSoon();
  };

  #seal(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    this.#sealed.push(bytes);
    this.#sealedBytes += bytes.length;
  }

  /** Makes sure that there is something to write. Returns whether there is. */
  #takeChunk(): boolean {
    if (this.#offset < this.#chunk.length) return true;
    if (this.#sealed.length === 0 && this.#pending !== '') this.#seal();
    this.#chunk = this.#sealed.shift() ?? NOTHING;
    this.#sealedBytes -= this.#chunk.length;
    this.#offset = 0;
    return this.#chunk.length > 0;
  }

  /** All of it for a file; whole lines that fit into one atomic write for a pipe. */
  #pieceLength(): number {
    const rest = this.#chunk.length - this.#offset;
    if (this.#file.regular || rest <= ATOMIC_BYTES) return rest;
    const end = this.#chunk.lastIndexOf(LINE_END, this.#offset + ATOMIC_BYTES - 1);
    if (end >= this.#offset) return end + 1 - this.#offset;
    return this.#chunk.indexOf(LINE_END, this.#offset) + 1 - this.#offset || rest;
  }

  #failed(code: string): void {
    // EIO of what is no file: the terminal is gone.
    if (code === 'EPIPE' || (code === 'EIO' && !this.#file.regular)) {
      // Nobody reads any more: what waited for the old reader is of no use to a new one.
      this.#lost += countLines(this.#chunk.subarray(this.#offset));
      this.#offset = this.#chunk.length;
      this.#inTrouble(`nobody reads it (${code}); lines are dropped`);
      return;
    }
    if (code !== 'EAGAIN') this.#inTrouble(`${code}; lines wait in memory`);
    this.#retry = setTimeout(this.#pump, code === 'EAGAIN' ? FULL_PIPE_MS : BROKEN_FILE_MS).unref();
  }

  #inTrouble(problem: string): void {
    if (this.#trouble !== undefined) return;
    this.#trouble = problem;
    this.#report(`cannot be written: ${problem}`);
  }

  #outOfTrouble(): void {
    // A buffer that is still half full may overflow again at once: one report for the whole time.
    if (this.#trouble === undefined || this.#size > this.#limit / 2) return;
    this.#report(`is written again; ${this.#lost} lines were lost: ${this.#trouble}`);
    this.#trouble = undefined;
    this.#lost = 0;
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) lines++;
  return lines;
}

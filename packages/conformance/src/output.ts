import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { eventually } from './eventually.ts';

interface Waiter {
  readonly pattern: RegExp | string;
  readonly settle: (match: RegExpExecArray) => void;
  readonly fail: (why: string) => void;
  next: number;
  /** Matches still to come. */
  missing: number;
}

export interface WaitOptions {
  /** Index of the first line to look at; take `output.lines.length` before the act whose line you expect. Default: 0. */
  readonly from?: number;
  /** Wait for so many lines that match, and return the last. Default: 1. */
  readonly times?: number;
  /** Milliseconds. Default: 60 000, since a busy machine is no failure. */
  readonly timeoutMs?: number;
}

/** Everything a process tree has printed, line by line, in the order in which it arrived. */
export class Output {
  readonly lines: string[] = [];
  readonly #waiters = new Set<Waiter>();
  #openStreams = 0;

  /** Collects a stream until it ends, which is when the last process that inherited it is gone. */
  collect(stream: Readable): void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    this.#openStreams += 1;
    stream.on('data', (chunk: Buffer) => {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts);
      if (parts.length > 0) this.#wake();
    });
    stream.on('close', () => {
      if (rest !== '') this.lines.push(rest);
      this.#openStreams -= 1;
      this.#wake();
      if (this.#openStreams === 0) this.#abandon();
    });
  }

  /** Waits for a line; rejects with everything printed so far. */
  waitFor(
    pattern: RegExp | string,
    { from = 0, times = 1, timeoutMs = 60_000 }: WaitOptions = {},
  ): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        pattern,
        next: from,
        missing: times,
        settle: (match) => {
          finish();
          resolve(match);
        },
        fail: (why) => {
          finish();
          reject(
            new Error(
              `${why}: too few lines match ${String(pattern)}; the log from line ${from} on:\n${this.text(from)}`,
            ),
          );
        },
      };
      const timer = setTimeout(() => waiter.fail(`Waited ${timeoutMs} ms`), timeoutMs);
      this.#waiters.add(waiter);
      this.#look(waiter);
      if (this.#openStreams === 0 && this.#waiters.has(waiter)) waiter.fail('Every process has ended');
    });
  }

  /** Waits until every stream has ended: then nothing more can be printed. Rejects after `timeoutMs` milliseconds. */
  ended(timeoutMs = 5000): Promise<void> {
    return eventually(() => this.#openStreams === 0, 'the end of the output', timeoutMs);
  }

  /** The lines that match, from a given line on. */
  matching(pattern: RegExp, from = 0): string[] {
    return this.lines.slice(from).filter((line) => pattern.test(line));
  }

  text(from = 0): string {
    return this.lines.slice(from).join('\n');
  }

  #look(waiter: Waiter): void {
    for (; waiter.next < this.lines.length; waiter.next += 1) {
      const match = matchLine(waiter.pattern, this.lines[waiter.next] ?? '');
      if (match === null) continue;
      waiter.missing -= 1;
      if (waiter.missing === 0) return waiter.settle(match);
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) this.#look(waiter);
  }

  #abandon(): void {
    for (const waiter of this.#waiters) waiter.fail('Every process has ended');
  }
}

function matchLine(pattern: RegExp | string, line: string): RegExpExecArray | null {
  if (typeof pattern !== 'string')
    return new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(line);
  const index = line.indexOf(pattern);
  return index === -1 ? null : Object.assign([pattern] as [string], { index, input: line });
}

import type { LogEntry, LogLine } from '@gunicorn-ts/interface';

/** The latest entries that are kept, for somebody who comes later. */
const MOST_KEPT = 200;

/** Remembers the latest entries of the error log of a process, and tells somebody of further ones. */
export class Recall {
  readonly #render: (entry: LogEntry) => string;
  readonly #kept: LogEntry[] = [];
  #at = 0;
  #follower: ((line: LogLine) => void) | undefined;

  constructor(render: (entry: LogEntry) => string) {
    this.#render = render;
  }

  add(entry: LogEntry): void {
    this.#kept[this.#at] = entry;
    this.#at = (this.#at + 1) % MOST_KEPT;
    this.#follower?.(this.#lineOf(entry));
  }

  /** The oldest first. */
  lines(): readonly LogLine[] {
    const inOrder = [...this.#kept.slice(this.#at), ...this.#kept.slice(0, this.#at)];
    return inOrder.map((entry) => this.#lineOf(entry));
  }

  /** Tells of each further entry, until it is given `undefined`. */
  follow(follower: ((line: LogLine) => void) | undefined): void {
    this.#follower = follower;
  }

  #lineOf(entry: LogEntry): LogLine {
    const { level, at } = entry;
    return { log: 'error', level, pid: process.pid, at: at.getTime(), text: this.#render(entry) };
  }
}

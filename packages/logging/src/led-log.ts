import {
  type ErrorLogOutlet,
  LOG_LEVELS,
  type LogEntry,
  type LogFields,
  type Logger,
  type LogLevel,
} from '@gunicorn-ts/interface';
import type { ErrorLog } from './error-log.ts';
import { messageText } from './entry-format.ts';
import { Recall } from './recall.ts';

/** More are not held back: a process that says so much before anybody listens writes them itself. */
const MOST_HELD = 10_000;

/**
 * The error log of a process, whose entries somebody else may write: an outlet that asks for them. What that does not
 * take, or gives back, is written here. Never throws and never waits for the outlet.
 */
export class LedLog implements ErrorLog {
  /** Always writes here. */
  readonly own: Logger;
  /** The latest entries, and who wants to hear of further ones. */
  readonly recall: Recall = new Recall((entry) => this.#here.render(entry));
  readonly #onEntry: ((level: LogLevel) => void) | undefined;
  #here: ErrorLog;
  #outlet: ErrorLogOutlet | undefined;
  #held: LogEntry[] | undefined;

  /** @param onEntry told of every entry, also of one that is not severe enough to be written */
  constructor(here: ErrorLog, onEntry?: (level: LogLevel) => void) {
    this.#here = here;
    this.#onEntry = onEntry;
    this.own = {
      debug: (message, fields) => this.#writeHere('debug', message, fields),
      info: (message, fields) => this.#writeHere('info', message, fields),
      warning: (message, fields) => this.#writeHere('warning', message, fields),
      error: (message, fields) => this.#writeHere('error', message, fields),
      critical: (message, fields) => this.#writeHere('critical', message, fields),
      isEnabled: (level) => this.#here.isEnabled(level),
    };
  }

  /** Keeps entries until it is known who writes them: until {@link lead} or {@link settle}. */
  hold(): void {
    this.#held = [];
  }

  lead(outlet: ErrorLogOutlet | undefined): void {
    if (outlet !== this.#outlet) outlet?.begin((entry) => this.#here.write(entry));
    this.#outlet = outlet;
    this.#release();
  }

  /** The process exits: nothing stays on the way. */
  settle(): void {
    this.#outlet?.settle();
    this.#outlet = undefined;
    this.#release();
  }

  render(entry: LogEntry): string {
    return this.#here.render(entry);
  }

  setLevel(level: LogLevel): void {
    this.#here.setLevel(level);
    this.#outlet?.setLevel?.(level);
  }

  /** The settings of the log have changed. */
  replace(here: ErrorLog): void {
    const before = this.#here;
    this.#here = here;
    before.close();
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  warning(message: string, fields?: LogFields): void {
    this.#log('warning', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  critical(message: string, fields?: LogFields): void {
    this.#log('critical', message, fields);
  }

  write(entry: LogEntry): void {
    if (this.#held === undefined) return this.#pass(entry);
    this.#held.push(entry);
    if (this.#held.length >= MOST_HELD) this.#release();
  }

  isEnabled(level: LogLevel): boolean {
    const least = this.#outlet?.level;
    return least === undefined ? this.#here.isEnabled(level) : isAtLeast(level, least);
  }

  reopen(): void {
    this.#here.reopen();
  }

  close(): void {
    this.settle();
    this.#here.close();
  }

  #log(level: LogLevel, message: string, fields?: LogFields): void {
    this.#onEntry?.(level);
    if (this.isEnabled(level)) this.recall.add({ level, message, fields, at: new Date() });
    if (this.#held === undefined && this.#outlet?.level === undefined)
      return this.#here[level](message, fields);
    return this.write({ level, message, fields, at: new Date() });
  }

  #writeHere(level: LogLevel, message: string, fields?: LogFields): void {
    if (this.#here.isEnabled(level)) this.recall.add({ level, message, fields, at: new Date() });
    this.#here[level](message, fields);
  }

  /** The text is that of the own log: what a client sent can look like no entry there either. */
  #pass(entry: LogEntry): void {
    const least = this.#outlet?.level;
    if (least === undefined) return this.#here.write(entry);
    if (!isAtLeast(entry.level, least)) return undefined;
    const message = messageText(entry.message);
    if (this.#outlet?.take({ ...entry, message }) !== true) this.#here.write(entry);
    return undefined;
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const entry of held) this.#pass(entry);
  }
}

function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}

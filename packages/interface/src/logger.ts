/** Gunicorn's five levels, least severe first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;

/** How severe a log entry is; `loglevel` names the least that is written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Extra members of a JSON log entry. The text format leaves them out, so the message must stand alone. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One entry of the error log. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields | undefined;
  readonly at: Date;
}

/** A line of one of the two logs, as whoever follows them sees it. */
export interface LogLine {
  readonly log: 'error' | 'access';
  readonly level: LogLevel;
  /** The process that it is of. */
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As its file has it; an entry may have several lines. */
  readonly text: string;
}

/** Who writes the entries of a process in its place: loggers in another language that a configuration leads them to. */
export interface ErrorLogOutlet {
  /** The least severe level that is wanted there; `undefined` while nobody asks for any. */
  readonly level: LogLevel | undefined;
  /** Called once, before anything else. `giveBack` writes an entry to the process's own error log. */
  begin(giveBack: (entry: LogEntry) => void): void;
  /** An operator has asked for another level; one that is told in its own way need not have this. */
  setLevel?(level: LogLevel): void;
  /** Never waits. False when it cannot be taken now, and the own log is to write it. */
  take(entry: LogEntry): boolean;
  /** The process exits, and nothing asynchronous runs any more: what has not been handed over is given back. */
  settle(): void;
}

/** The error log, as every package sees it. Implemented by `@gunicorn-ts/logging`; never throws. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /** True when an entry of this level would be written: guards work that only a log line needs. */
  isEnabled(level: LogLevel): boolean;
  /** Writes past an {@link ErrorLogOutlet}: for lines that come from there. Absent where entries have one way only. */
  readonly own?: Logger;
}

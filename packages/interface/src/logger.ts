/** Gunicorn's five levels, least severe first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;

/** How severe a log entry is; `loglevel` names the least that is written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Extra members of a JSON log entry. The text format leaves them out, so the message must stand alone. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The error log, as every package sees it. Implemented by `@gunicorn-ts/logging`; never throws. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /** True when an entry of this level would be written: guards work that only a log line needs. */
  isEnabled(level: LogLevel): boolean;
}
